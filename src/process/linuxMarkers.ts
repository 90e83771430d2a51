import { forEachPid, listPids } from './linuxProcessTable.ts';
import { readProcFile } from './procFile.ts';
import { shareScan } from './sharedScan.ts';

/** Names the run a process belongs to, in its environment. */
export const runIdVariable = 'DEV_ENV_RUN_ID';
/** The name of the process in dev-env.yaml. */
export const processNameVariable = 'DEV_ENV_PROCESS';
/** The state folder of the environment, so that whoever finds a process finds what it belongs to. */
export const stateFolderVariable = 'DEV_ENV_STATE';
/** In the environment of what runs for a run before its program does, and is none of it. */
export const preparationVariable = 'DEV_ENV_PREPARATION';

/** What the environment of a process says about where it comes from. */
export interface Marks {
  readonly runId: string;
  readonly processName: string | undefined;
  readonly stateFolder: string | undefined;
  /** It only prepares the run that it is marked with. */
  readonly isPreparation: boolean;
}

/** The living processes of one run. */
export interface MarkedRun {
  readonly pids: readonly number[];
  /** Those of them that only prepare it. */
  readonly preparing: readonly number[];
  readonly processName: string | undefined;
  readonly stateFolder: string | undefined;
}

/** Told of a process that carries a mark, at the moment at which the mark was read. */
export type MarkVisitor = (pid: number, marks: Marks) => void;

/**
 * Calls `visit` for every process of this user whose environment at its start names a run. An
 * environment is inherited by whatever a program starts, so this finds members that left group,
 * session and parent (daemons). It does not find those whose environment was cleared (`env -i`) or
 * written over (setproctitle), nor zombies, which have none.
 */
export const forEachMarked: (visit: MarkVisitor) => Promise<void> = shareScan(
  async (visitors: readonly MarkVisitor[]) => {
    await forEachPid(listPids(), (pid) => {
      const marks = readMarks(pid);
      if (marks !== undefined) for (const visit of visitors) visit(pid, marks);
    });
  },
);

/** All living processes that carry a mark, by run id; whoever's environment they belong to. */
export async function findMarked(): Promise<Map<string, MarkedRun>> {
  const runs = new Map<string, MarkedRun & { readonly pids: number[]; preparing: number[] }>();
  if (process.platform !== 'linux') return runs;
  await forEachMarked((pid, { runId, processName, stateFolder, isPreparation }) => {
    const run = runs.get(runId) ?? { pids: [], preparing: [], processName, stateFolder };
    runs.set(runId, run);
    run.pids.push(pid);
    // Noted now: who has ended a moment later no longer tells.
    if (isPreparation) run.preparing.push(pid);
  });
  return runs;
}

/** The marks of one process; undefined when it has none, has ended, or belongs to someone else. */
export function readMarks(pid: number): Marks | undefined {
  return parseMarks(readEnvironment(pid));
}

/** What an environment says; undefined when it names no run. */
export function parseMarks(environment: Buffer | 'vanished' | undefined): Marks | undefined {
  if (environment === undefined || environment === 'vanished') return undefined;
  const runId = valueIn(environment, runIdVariable);
  if (runId === undefined) return undefined;
  return {
    runId,
    processName: valueIn(environment, processNameVariable),
    stateFolder: valueIn(environment, stateFolderVariable),
    isPreparation: valueIn(environment, preparationVariable) !== undefined,
  };
}

/** `NAME=value` pairs, each ended by a NUL.. */
function valueIn(environment: Buffer, name: string): string | undefined {
  const wanted = `${name}=`;
  for (let at = environment.indexOf(wanted); at >= 0; at = environment.indexOf(wanted, at + 1)) {
    if (at > 0 && environment[at - 1] !== 0) continue;
    const end = environment.indexOf(0, at);
    return environment.toString('utf8', at + wanted.length, end < 0 ? undefined : end);
  }
  return undefined;
}

/** Variables of a process of this run, as far as it has them; none of any other process. */
export function readVariables(
  pid: number,
  runId: string,
  names: readonly string[],
): Record<string, string> {
  const environment = readEnvironment(pid);
  if (environment === undefined || environment === 'vanished') return {};
  if (valueIn(environment, runIdVariable) !== runId) return {};
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = valueIn(environment, name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** The environment of a process at its start; `vanished` when it has ended, undefined when it is not told. */
export function readEnvironment(pid: number): Buffer | 'vanished' | undefined {
  return readProcFile(`/proc/${pid}/environ`);
}
