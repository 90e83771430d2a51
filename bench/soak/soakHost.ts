import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** What a host holds at one moment; see `host.ts`. */
export interface HostLook {
  readonly heapBytes: number;
  readonly residentBytes: number;
  readonly files: number;
  readonly resources: Readonly<Record<string, number>>;
  readonly failures: number;
  readonly processes: readonly {
    readonly name: string;
    readonly state: string;
    readonly pid?: number;
    readonly run: number;
  }[];
}

/** A host in a process of its own, which is asked one thing at a time. */
export class SoakHost {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #answers: unknown[] = [];
  #wake: () => void = () => undefined;

  private constructor(folder: string, stateHome: string, temporary: string) {
    const script = path.join(import.meta.dirname, 'host.ts');
    this.#child = spawn(process.execPath, ['--expose-gc', script, folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, DEV_ENV_STATE_HOME: stateHome, TMPDIR: temporary },
    });
    this.#closed = once(this.#child, 'close').then(() => this.#wake());
    this.#child.stdin?.on('error', () => undefined);
    if (this.#child.stdout === null) throw new Error('The host has no output.');
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#answers.push(JSON.parse(line));
      this.#wake();
    });
  }

  /** Resolves when the host has taken the environment up. */
  static async open(folder: string, stateHome: string, temporary: string): Promise<SoakHost> {
    const host = new SoakHost(folder, stateHome, temporary);
    await host.#answer();
    return host;
  }

  /** Sends a line, and resolves with the answer to it. */
  async ask(line: string): Promise<unknown> {
    this.#child.stdin?.write(`${line}\n`);
    return this.#answer();
  }

  async look(): Promise<HostLook> {
    return (await this.ask('look')) as HostLook;
  }

  /** The same, once nothing is being written. */
  async rest(): Promise<HostLook> {
    return (await this.ask('rest')) as HostLook;
  }

  /** As at a reload of the window. */
  async release(): Promise<void> {
    this.#child.stdin?.write('release\n');
    await this.#closed;
  }

  /** As at a crash of the extension host. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  async #answer(): Promise<unknown> {
    while (this.#answers.length === 0) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error('The host ended before it answered.');
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.#answers.shift();
  }
}
