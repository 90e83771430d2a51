import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findMarked } from '../../src/process/linuxMarkers.ts';
import { openStateFolder } from '../../src/store/stateFolder.ts';
import { processCount, soakFile } from './soakFile.ts';
import { type HostLook, SoakHost } from './soakHost.ts';

export interface SoakOptions {
  readonly durationMs: number;
  /** Between 0 and 1, like `Math.random`. */
  readonly random: () => number;
  readonly say: (line: string) => void;
}

/** What came of a soak. */
export interface SoakReport {
  readonly minutes: number;
  /** How often each thing was done. */
  readonly actions: Readonly<Record<string, number>>;
  /** Runs that were started, over all processes. */
  readonly runs: number;
  /** What the last host held when it had taken the environment up, and in the end. */
  readonly before: HostLook;
  readonly after: HostLook;
  /** What should not be; empty when all is well. */
  readonly problems: readonly string[];
}

type Action = 'start' | 'stop' | 'restart' | 'crash' | 'flood' | 'edit' | 'reload' | 'kill host';

const weights: readonly (readonly [Action, number])[] = [
  ['start', 30],
  ['restart', 15],
  ['crash', 20],
  ['stop', 10],
  ['flood', 10],
  ['edit', 8],
  ['reload', 1],
  ['kill host', 1],
];

/**
 * Does at random, one after the other, what people, programs and machines do to an environment of
 * 50 processes, and looks for what is left: processes, run twice or past their end, files, handles,
 * memory. In the second half the host stays, so that what it gathers can be told.
 */
export async function soak({ durationMs, random, say }: SoakOptions): Promise<SoakReport> {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'dev-env-soak-')));
  const folder = path.join(root, 'workspace');
  const stateHome = path.join(root, 'state');
  const temporary = path.join(root, 'temporary');
  const problems: string[] = [];
  const actions: Record<string, number> = {};
  const edits = new Map<string, number>();
  const pick = (): string => `p${Math.floor(random() * processCount)}`;
  const save = (): Promise<void> => writeFile(path.join(folder, 'dev-env.yaml'), soakFile(edits));
  for (const made of [folder, temporary]) await mkdir(made, { recursive: true });
  const stateFolder = await openStateFolder(folder, stateHome);
  await save();
  let host = await SoakHost.open(folder, stateHome, temporary);

  const liveRuns = async (): Promise<Map<string, number>> => {
    const runs = new Map<string, number>();
    for (const [, run] of await findMarked()) {
      if (run.stateFolder !== stateFolder.path) continue;
      const name = run.processName ?? '?';
      runs.set(name, (runs.get(name) ?? 0) + 1);
    }
    return runs;
  };
  const mustBeSingle = async (when: string): Promise<void> => {
    for (const [name, count] of await liveRuns()) {
      if (count > 1) problems.push(`${when}: ${name} ran ${count} times.`);
    }
  };
  const signalOne = async (signal: NodeJS.Signals, kinds: readonly number[]): Promise<void> => {
    const { processes } = await host.look();
    const able = processes.filter(
      ({ name, state }) => state === 'running' && kinds.includes(Number(name.slice(1)) % 5),
    );
    const pid = able[Math.floor(random() * able.length)]?.pid;
    if (pid === undefined) return;
    try {
      process.kill(signal === 'SIGUSR2' ? -pid : pid, signal);
    } catch {
      // Ended meanwhile.
    }
  };
  const act = async (action: Action): Promise<void> => {
    switch (action) {
      case 'start':
      case 'stop':
      case 'restart':
        await host.ask(`${action} ${pick()} ${pick()}`);
        return;
      case 'crash':
        await signalOne('SIGKILL', [0, 1, 2]);
        return;
      case 'flood':
        await signalOne('SIGUSR2', [1]);
        return;
      case 'edit': {
        const name = pick();
        edits.set(name, (edits.get(name) ?? 0) + 1);
        await save();
        await host.ask('load');
        return;
      }
      case 'reload':
        await host.release();
        host = await SoakHost.open(folder, stateHome, temporary);
        await mustBeSingle('after a reload');
        return;
      case 'kill host':
        await host.kill();
        await mustBeSingle('after a crash of the host');
        host = await SoakHost.open(folder, stateHome, temporary);
        await mustBeSingle('after the crash of a host was made up for');
    }
  };

  const startedAt = performance.now();
  const elapsed = (): number => performance.now() - startedAt;
  const goOn = async (untilMs: number, mayReload: boolean): Promise<void> => {
    let saidAt = elapsed();
    while (elapsed() < untilMs) {
      const action = choose(random, mayReload);
      await act(action);
      actions[action] = (actions[action] ?? 0) + 1;
      if (elapsed() - saidAt > 30_000) {
        saidAt = elapsed();
        const { heapBytes, residentBytes, files } = await host.look();
        const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
        say(
          `${Math.round(saidAt / 1000)} s: heap ${mb(heapBytes)}, resident ${mb(residentBytes)}, ${files} files`,
        );
      }
    }
  };
  try {
    await host.ask('start');
    await goOn(durationMs / 2, true);
    await host.ask('stop');
    const before = await host.rest();
    await host.ask('start');
    await goOn(durationMs, false);
    await host.ask('stop');
    const after = await settled(host, before);
    await host.release();
    const left = await liveRuns();
    if (left.size > 0) problems.push(`Left running: ${[...left.keys()].join(', ')}.`);
    for (const name of await readdir(temporary)) {
      problems.push(`Left in the temporary folder: ${name}.`);
    }
    if (after.files > before.files) {
      problems.push(`Open files grew from ${before.files} to ${after.files}.`);
    }
    for (const [kind, count] of Object.entries(after.resources)) {
      const was = before.resources[kind] ?? 0;
      if (count > was) problems.push(`Handles of kind ${kind} grew from ${was} to ${count}.`);
    }
    const runs = after.processes.reduce((sum, { run }) => sum + run, 0);
    return { minutes: durationMs / 60_000, actions, runs, before, after, problems };
  } finally {
    await host.kill();
    // When all is well there is nothing any more.
    for (const [, { stateFolder: path, pids }] of await findMarked()) {
      if (path === stateFolder.path) for (const pid of pids) endNow(pid);
    }
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
  }
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Ended meanwhile.
  }
}

function choose(random: () => number, mayReload: boolean): Action {
  const able = weights.filter(
    ([action]) => mayReload || (action !== 'reload' && action !== 'kill host'),
  );
  let left = random() * able.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [action, weight] of able) {
    left -= weight;
    if (left < 0) return action;
  }
  return 'start';
}

/** What the host holds, once it is no more than before, or will not become less. */
async function settled(host: SoakHost, before: HostLook): Promise<HostLook> {
  const count = ({ resources, files }: HostLook): number =>
    Object.values(resources).reduce((sum, one) => sum + one, files);
  for (let tries = 0; ; tries += 1) {
    const look = await host.rest();
    if (count(look) <= count(before) || tries === 30) return look;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
