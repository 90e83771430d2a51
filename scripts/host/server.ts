import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { until } from '../../test/support/until.ts';
import { hostEnvironment } from './hostEnvironment.ts';
import { installServer } from './installServer.ts';
import { findMarked, isAlive, type MarkedProcess } from './processTable.ts';
import { writeSettings } from './serverSettings.ts';

export interface ServerOptions {
  /** Every folder is trusted (default), or trust is up to the person at the page. */
  readonly trustsAll?: boolean;
  /** A packaged extension to install. */
  readonly vsix?: string;
  /**
   * Pages may load extensions and tests from a folder (`payload`, by VS Code's smoke test driver).
   * Such windows show no notifications and no dialogs.
   */
  readonly isTestHost?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** How long an extension host waits for a page that went without a word; 10 by default. */
  readonly reconnectionSeconds?: number;
  /**
   * What a closed window leaves is not stopped by itself: for windows that are reloaded, which may
   * take longer than the usual grace period on a slow machine.
   */
  readonly isPatient?: boolean;
  /** Added to the environment of the server, and so of the extension host and what it starts. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Longer than any test. */
const patientMs = 600_000;

/** Looking through the process table costs some milliseconds. */
const poll = { everyMs: 50 };

/** The variable that everything a server starts carries; the value is its own. */
const marker = 'DEV_ENV_HOST_SERVER';

/**
 * A VS Code server with folders of its own, in its own process group. What is installed and set in
 * it is forgotten when it stops, and so is the extension's state folder.
 */
export class CodeServer {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #id: string;
  readonly #isPatient: boolean;
  #url = '';
  #output = '';
  /** Whatever ends this program, the server goes with it. */
  readonly #atExit = (): void => {
    this.killAll();
    rmSync(this.#folder, { recursive: true, force: true });
  };

  private constructor(
    child: ChildProcess & { readonly stdout: Readable; readonly stderr: Readable },
    folder: string,
    id: string,
    isPatient: boolean,
  ) {
    if (child.pid === undefined) throw new Error('The VS Code server could not be started.');
    this.pid = child.pid;
    this.#child = child;
    this.#folder = folder;
    this.#id = id;
    this.#isPatient = isPatient;
    process.once('exit', this.#atExit);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-100_000);
      });
    }
  }

  /** Fetches VS Code if need be, starts it on a free port and waits until it answers. */
  static async start(
    say: (line: string) => void,
    options: ServerOptions = {},
  ): Promise<CodeServer> {
    const { main } = await installServer(say);
    const folder = await mkdtemp(join(await realpath(tmpdir()), 'dev-env-host-'));
    const id = folder.slice(folder.lastIndexOf('-') + 1);
    const folders = [
      ...['--user-data-dir', join(folder, 'user')],
      ...['--server-data-dir', join(folder, 'server')],
      ...['--extensions-dir', join(folder, 'extensions')],
    ];
    const env = hostEnvironment({
      ...options.env,
      ...(options.isPatient === true ? { DEV_ENV_REAPER_GRACE_MS: String(patientMs) } : {}),
      [marker]: id,
      // Where the extension keeps its state: the machine's own stays untouched.
      XDG_STATE_HOME: join(folder, 'state'),
      XDG_DATA_HOME: join(folder, 'data'),
      XDG_CACHE_HOME: join(folder, 'cache'),
    });
    await writeSettings(folder, options.settings ?? {});
    if (options.vsix !== undefined) {
      execFileSync(process.execPath, [main, ...folders, '--install-extension', options.vsix], {
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
    }
    const args = [
      ...[main, ...folders, '--host', '127.0.0.1', '--port', '0'],
      '--without-connection-token',
      '--accept-server-license-terms',
      '--disable-telemetry',
      ...['--reconnection-grace-time', String(options.reconnectionSeconds ?? 10)],
      ...(options.isTestHost === true ? ['--enable-smoke-test-driver'] : []),
      ...((options.trustsAll ?? true) ? ['--disable-workspace-trust'] : []),
    ];
    const child = spawn(process.execPath, args, {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const server = new CodeServer(child, folder, id, options.isPatient === true);
    await server.#answers();
    return server;
  }

  get url(): string {
    return this.#url;
  }

  /** The temporary folder with everything of this server; below it are `user`, `state`, `server`. */
  get folder(): string {
    return this.#folder;
  }

  /** The last of what the server itself printed. */
  get output(): string {
    return this.#output;
  }

  /** Replaces the settings that are on top of the quiet ones. Open windows notice. */
  async setSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    await writeSettings(this.#folder, settings);
  }

  /** The extension hosts that live, oldest first: one for each open window. */
  extensionHostPids(): number[] {
    return this.#ownProcesses()
      .filter((one) => one.commandLine.includes('--type=extensionHost'))
      .map((one) => one.pid);
  }

  /** Ends the server as a crash would: nothing of it gets a chance to clean up. */
  async crash(): Promise<void> {
    process.kill(-this.pid, 'SIGKILL');
    await this.#ended();
  }

  /** The processes of environments that run below this server: name and PID of the root of each. */
  environmentProcesses(): Map<string, number> {
    const own = new Set(this.#ownProcesses().map(({ pid }) => pid));
    const found = new Map<string, number>();
    for (const { pid, processGroup, value } of findMarked('DEV_ENV_PROCESS')) {
      if (own.has(pid) && pid === processGroup) found.set(value, pid);
    }
    return found;
  }

  /**
   * Ends the server, waits until the extension hosts and all that they started have ended too, and
   * removes its folder. Gives back what was still alive after the grace period; that is killed.
   */
  async stop(graceMs = this.#isPatient ? 0 : 20_000): Promise<string[]> {
    // Only the server: an extension host that sees it go deactivates its extensions; one that gets
    // the signal itself does not.
    if (isAlive(this.pid)) process.kill(this.pid, 'SIGTERM');
    const end = Date.now() + graceMs;
    await until('the end', () => !this.#isUp() || Date.now() >= end, graceMs * 2 + 1000, poll);
    const leftovers = this.#ownProcesses().filter((one) => one.processGroup !== this.pid);
    this.killAll();
    await until('the end of its children', () => this.#ownProcesses().length === 0, 10_000, poll);
    process.off('exit', this.#atExit);
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
    return leftovers.map((one) => `${one.pid} ${one.commandLine}`);
  }

  /** Ends everything at once, without waiting: for the moment this program itself ends. */
  killAll(): void {
    this.#signal('SIGKILL');
    for (const { pid } of this.#ownProcesses()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Ended meanwhile.
      }
    }
  }

  async #answers(): Promise<void> {
    const port = await until(
      'the VS Code server',
      () => {
        if (this.#child.exitCode !== null) throw new Error(`The server ended:\n${this.#output}`);
        return /listening on (\d+)/.exec(this.#output)?.[1];
      },
      60_000,
      { describe: () => this.#output },
    );
    this.#url = `http://127.0.0.1:${port}`;
  }

  #ownProcesses(): MarkedProcess[] {
    return findMarked(marker).filter((one) => one.value === this.#id);
  }

  /** Its own helpers (file watcher, terminal host) do not count: they have nothing to finish. */
  #isUp(): boolean {
    const isBusy = (one: MarkedProcess): boolean =>
      one.processGroup !== this.pid || one.commandLine.includes('--type=extensionHost');
    return isAlive(this.pid) || this.#ownProcesses().some(isBusy);
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // The group has ended.
    }
  }

  async #ended(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await once(this.#child, 'exit');
    }
  }
}
