import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { EnvironmentModel } from '../../src/config/model.ts';
import type { OperationResult, ProcessSnapshot } from '../../src/controller/snapshot.ts';

interface Message {
  readonly open?: ProcessSnapshot[];
  readonly isContinuation?: boolean;
  readonly processes?: ProcessSnapshot[];
  readonly run?: { kind: string; name: string; number: number };
  readonly done?: OperationResult;
  readonly elsewhere?: string;
}

/** A host of an environment in a process of its own (test/fixtures/hostProgram.ts). */
export class HostProcess {
  readonly child: ChildProcess;
  readonly messages: Message[] = [];
  readonly #ended: Promise<unknown>;
  #wake: () => void = () => undefined;

  constructor(folder: string, modelFile: string, stateHome: string, waitMs = 0) {
    this.child = spawn(
      process.execPath,
      [
        join(import.meta.dirname, '..', 'fixtures', 'hostProgram.ts'),
        folder,
        modelFile,
        String(waitMs),
      ],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { ...process.env, DEV_ENV_STATE_HOME: stateHome },
      },
    );
    this.#ended = once(this.child, 'close').then(() => this.#wake());
    this.child.stdin?.on('error', () => undefined);
    createInterface({ input: this.child.stdout! }).on('line', (line) => {
      this.messages.push(JSON.parse(line) as Message);
      this.#wake();
    });
  }

  get processes(): readonly ProcessSnapshot[] {
    return (
      this.messages.findLast((message) => message.processes ?? message.open)?.processes ??
      this.messages.find((message) => message.open)?.open ??
      []
    );
  }

  process(name: string): ProcessSnapshot | undefined {
    return this.processes.find((process) => process.name === name);
  }

  say(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  /** Resolves when the condition holds; looks at every message. Rejects when the host has ended. */
  async until(condition: (host: this) => boolean): Promise<this> {
    while (!condition(this)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`The host ended: ${JSON.stringify(this.messages.slice(-2))}`);
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this;
  }

  untilOpen(): Promise<this> {
    return this.until((host) => host.messages.some((message) => message.open));
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#ended;
  }

  async release(): Promise<void> {
    this.say('release');
    await this.#ended;
  }

  async ended(): Promise<number | null> {
    await this.#ended;
    return this.child.exitCode;
  }
}

/** Writes a model where a host process can read it. */
export async function writeModel(folder: string, model: EnvironmentModel): Promise<string> {
  const file = join(folder, 'model.json');
  await writeFile(
    file,
    JSON.stringify(model, (_key, value: unknown) => value ?? null),
  );
  return file;
}
