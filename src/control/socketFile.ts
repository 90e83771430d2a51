import { lstatSync, renameSync } from 'node:fs';

/** The file of a Unix socket that this program listens on. */
export class SocketFile {
  readonly #path: string;
  readonly #identity: string | undefined;

  /** To be called in the turn in which listening has begun. */
  constructor(path: string) {
    this.#path = path;
    this.#identity = identityOf(path);
  }

  /**
   * Ends the listening by `close`. That removes the file by its name, whoever's it is by now (libuv
   * does so, in the same turn), so the file of another program is put aside for this moment.
   */
  endBy(close: () => void): void {
    const aside = `${this.#path}.aside`;
    const present = identityOf(this.#path);
    const isOthers = present !== undefined && present !== this.#identity;
    const isAside = isOthers && rename(this.#path, aside);
    close();
    if (isAside) rename(aside, this.#path);
  }
}

/** A file keeps its number for as long as somebody listens on it, whether or not it has a name. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = lstatSync(path);
    return `${String(dev)}:${String(ino)}`;
  } catch {
    return undefined;
  }
}

function rename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    // Whoever owns it, or the whole folder, has gone this moment.
    return false;
  }
}
