import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EnvironmentStatus, statusSchema } from '../../src/control/protocol.ts';
import { findMarked } from '../../src/process/linuxMarkers.ts';
import { openStateFolder, type StateFolder } from '../../src/store/stateFolder.ts';
import { until } from './until.ts';

/** Is there a process with this PID? */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The command as it is shipped; `npm run build` makes it. */
export const cliPath = join(import.meta.dirname, '..', '..', 'dist', 'cli.cjs');

/** On a machine that does many things at once a command may take this long, in ms. */
const limitMs = 60_000;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that is running, with what it has said so far. */
export class RunningCommand {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly ended: Promise<Ended>;

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = once(child, 'close').then(() => ({
      code: child.exitCode,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  /** Resolves when its output (either one) matches. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    return until(
      `${String(pattern)} in the output`,
      () => pattern.exec(this.stdout) ?? pattern.exec(this.stderr),
      limitMs,
      { describe: () => `${this.stdout}\n${this.stderr}` },
    );
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** A folder with a `dev-env.yaml`, in which the command is run. */
export class CliStage implements AsyncDisposable {
  readonly folder: string;
  readonly stateFolder: StateFolder;
  readonly #running: RunningCommand[] = [];

  private constructor(folder: string, stateFolder: StateFolder) {
    this.folder = folder;
    this.stateFolder = stateFolder;
  }

  static async set(yaml: string): Promise<CliStage> {
    if (!existsSync(cliPath)) throw new Error(`There is no ${cliPath}: run "npm run build" first.`);
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'dev-env-cli-')));
    await writeFile(join(folder, 'dev-env.yaml'), yaml);
    return new CliStage(folder, await openStateFolder(folder, join(folder, '.state')));
  }

  write(yaml: string): Promise<void> {
    return writeFile(join(this.folder, 'dev-env.yaml'), yaml);
  }

  /** Starts the command; it is ended with the stage at the latest. */
  spawn(args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningCommand {
    const child = spawn(process.execPath, [cliPath, ...args], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NO_COLOR: undefined,
        FORCE_COLOR: undefined,
        DEV_ENV_STATE_HOME: join(this.folder, '.state'),
        ...env,
      },
    });
    const running = new RunningCommand(child);
    this.#running.push(running);
    return running;
  }

  /** Runs the command to its end. */
  run(...args: readonly string[]): Promise<Ended> {
    return this.spawn(args).ended;
  }

  async status(): Promise<EnvironmentStatus> {
    const { stdout } = await this.run('status', '--json');
    return statusSchema.parse(JSON.parse(stdout));
  }

  /** The state of each process, by name. */
  async states(): Promise<Record<string, string>> {
    const { processes } = await this.status();
    return Object.fromEntries(processes.map(({ name, state }) => [name, state]));
  }

  /** PIDs of everything that runs in this environment. Linux. */
  async livePids(): Promise<number[]> {
    const runs = [...(await findMarked()).values()];
    return runs
      .filter((run) => run.stateFolder === this.stateFolder.path)
      .flatMap(({ pids }) => [...pids]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { child } of this.#running) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    }
    await Promise.all(this.#running.map(({ ended }) => ended));
    const { processes, owner } = await this.status();
    if (owner !== undefined || processes.some(({ pid }) => pid !== undefined)) {
      await this.run('down', '--force');
    }
    // The program in the background still writes a moment after its answer.
    if (owner !== undefined && owner.pid !== process.pid) {
      await until('the end of the owner', () => !isAlive(owner.pid), limitMs);
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
