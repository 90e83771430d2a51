import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { freePort } from '../process/ports.ts';
import { writeAtomically } from './atomicFile.ts';
import type { StateFolder } from './stateFolder.ts';

const fileName = 'ports.json';
const bookSchema = z.record(z.string(), z.int().check(z.gte(1), z.lte(65_535)));
type Ports = z.infer<typeof bookSchema>;

/**
 * The ports of processes with `port: auto`: chosen once, remembered for the environment, and given
 * to no other environment of this user, so that two work trees of a repository run side by side.
 */
export class PortBook {
  readonly #file: string;
  readonly #home: string;
  readonly #ports = new Map<string, number>();
  /** One assignment after the other, or two would choose the same port. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(file: string, home: string, ports: Ports) {
    this.#file = file;
    this.#home = home;
    this.#ports = new Map(Object.entries(ports));
  }

  /** A book that cannot be read counts as empty: a port is then chosen anew. */
  static async open(stateFolder: StateFolder): Promise<PortBook> {
    const file = path.join(stateFolder.path, fileName);
    return new PortBook(file, path.dirname(stateFolder.path), await readPorts(file));
  }

  /** The port of a process; the same one every time. Rejects when it cannot be written down. */
  assign(name: string): Promise<number> {
    return this.#inTurn(async () => {
      await this.#readAgain();
      return this.#ports.get(name) ?? (await this.#choose(name));
    });
  }

  /** Another port than before, for when somebody else has taken it. */
  reassign(name: string): Promise<number> {
    return this.#inTurn(async () => {
      await this.#readAgain();
      return this.#choose(name);
    });
  }

  /** Another window on the folder may have chosen another port meanwhile. */
  async #readAgain(): Promise<void> {
    for (const [name, port] of Object.entries(await readPorts(this.#file))) {
      this.#ports.set(name, port);
    }
  }

  async #choose(name: string): Promise<number> {
    const taken = new Set(this.#ports.values());
    for (const folder of await readdir(this.#home).catch(() => [])) {
      const ports = await readPorts(path.join(this.#home, folder, fileName));
      for (const port of Object.values(ports)) taken.add(port);
    }
    const port = await freePort(taken);
    this.#ports.set(name, port);
    await writeAtomically(this.#file, `${JSON.stringify(Object.fromEntries(this.#ports))}\n`);
    return port;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

async function readPorts(file: string): Promise<Ports> {
  try {
    return bookSchema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data ?? {};
  } catch {
    return {};
  }
}
