import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { type Clock, systemClock } from '../base/clock.ts';
import { isSameProcess } from '../process/identity.ts';
import { findMarked, type MarkedRun, readMarks } from '../process/linuxMarkers.ts';
import { readProcess } from '../process/processTable.ts';
import { stopTree, type StopTreeResult } from '../process/stopTree.ts';
import type { RunTarget } from '../process/tree.ts';
import { lockOwner } from '../store/environmentLock.ts';
import { type ParsedRecord, parseRecord } from '../store/runRecord.ts';
import { StateFolder } from '../store/stateFolder.ts';

/**
 * Whose a living run is. `attended`: a living host runs its environment and knows of it.
 * `unattended`: its window is closed, by `onWindowClose: keep`, a moment ago, or by a crash, and the
 * next one on the folder takes it up. `lost`: no record names it, so nobody will ever come for it.
 */
export type Standing = 'attended' | 'unattended' | 'lost';

type FoundMarks = Omit<MarkedRun, 'preparing'>;

/** A run that was found by its mark, with where it stands. */
export interface FoundRun extends FoundMarks {
  readonly runId: string;
  readonly standing: Standing;
  /** The folder of its environment; undefined when its state folder does not say (any more). */
  readonly folder: string | undefined;
  /** Of its first process, the leader as a rule. */
  readonly command: string | undefined;
}

const graceMs = 10_000;

/** Stands for a leader that has ended: above every system's largest PID, so it hits nothing. */
const nobody = { pid: 0x3fff_ffff, startTime: 'unknown' };

/** Where a run stands, by what the record of its process says and whether its owner lives. Pure. */
export function standingOf(
  runId: string,
  { record, fault }: Partial<ParsedRecord>,
  hasOwner: boolean,
): Standing {
  // Of a record that is not understood here it must not be said that it names another run.
  if (fault !== undefined && hasOwner) return 'attended';
  if (fault === 'newer-version' || fault === 'unreadable') return 'unattended';
  if (record?.runId !== runId) return 'lost';
  if (hasOwner) return 'attended';
  // A run that has ended for its record, by itself or by a stop, is not taken up again.
  const isPresent =
    record.pid !== undefined || ['starting', 'running', 'stopping'].includes(record.state);
  return isPresent ? 'unattended' : 'lost';
}

/**
 * The living runs, of any environment of this user, that no living host attends to. Undefined where
 * the platform does not show the marks of processes.
 */
export async function findLeftovers(): Promise<readonly FoundRun[] | undefined> {
  if (process.platform !== 'linux') return undefined;
  const own = await ownLineage();
  const marked = [...(await findMarked())];
  const found = await Promise.all(
    marked
      // An editor that was itself started by a run is none that one would want to end from inside.
      .filter(([, { pids }]) => !pids.some((pid) => own.has(pid)))
      .map(([runId, run]) => describeRun(runId, run)),
  );
  return found.filter((run) => run !== undefined && run.standing !== 'attended') as FoundRun[];
}

/** Where the run stands that a process belongs to; undefined when it carries no mark. */
export async function findRunOf(pid: number): Promise<FoundRun | undefined> {
  if (process.platform !== 'linux') return undefined;
  const marks = readMarks(pid);
  return marks && describeRun(marks.runId, { ...marks, pids: [pid] });
}

/** This process and those it descends from: the extension host, the editor. */
export async function ownLineage(): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  for (let pid = process.pid; pid > 0 && !found.has(pid);) {
    found.add(pid);
    pid = (await readProcess(pid))?.ppid ?? 0;
  }
  return found;
}

/**
 * Stops whatever carries the mark of the run, and what that has started. Marks are read anew, so
 * that a PID that was given out again meanwhile is not touched.
 */
export async function stopFoundRun(
  { runId, pids }: Pick<FoundRun, 'runId' | 'pids'>,
  clock: Clock = systemClock,
): Promise<StopTreeResult> {
  const target = await targetOf(runId, pids);
  return stopTree(target, { signal: 'SIGTERM', graceMs, clock });
}

async function targetOf(runId: string, pids: readonly number[]): Promise<RunTarget> {
  for (const pid of pids) {
    const info = await readProcess(pid);
    if (info?.pgid !== pid || info.startTime === undefined) continue;
    // After the start time, so that both are proven to be of one process.
    if (readMarks(pid)?.runId === runId) return { pid, startTime: info.startTime, runId };
  }
  return { ...nobody, runId };
}

/** Undefined when it ended while one looked. */
async function describeRun(runId: string, run: FoundMarks): Promise<FoundRun | undefined> {
  const standing = await findStanding(runId, run);
  const folder = run.stateFolder === undefined ? undefined : await folderOf(run.stateFolder);
  // A run that ended meanwhile may have been replaced in its record: it is not lost, but gone.
  const pids = run.pids.filter((pid) => readMarks(pid)?.runId === runId);
  const [first] = pids;
  if (first === undefined) return undefined;
  const command = (await readProcess(first))?.command;
  return { ...run, runId, pids, standing, folder, command };
}

async function findStanding(
  runId: string,
  { processName, stateFolder }: FoundMarks,
): Promise<Standing> {
  if (processName === undefined || stateFolder === undefined || !path.isAbsolute(stateFolder)) {
    return 'lost';
  }
  const folder = new StateFolder(stateFolder, '');
  const owner = await lockOwner(folder.lockPath, isSameProcess).catch(() => undefined);
  return standingOf(runId, await readRecord(folder, processName), owner !== undefined);
}

/** Only looks: what is wrong with the record of another environment is not for us to put right. */
async function readRecord(folder: StateFolder, name: string): Promise<Partial<ParsedRecord>> {
  let text: string;
  try {
    text = await readFile(folder.recordPath(name), 'utf8');
  } catch {
    return {};
  }
  return parseRecord(text, (record) => record.environment === folder.id && record.name === name);
}

const noteSchema = z.object({ folder: z.string() });

async function folderOf(stateFolder: string): Promise<string | undefined> {
  try {
    const text = await readFile(path.join(stateFolder, 'environment.json'), 'utf8');
    return noteSchema.safeParse(JSON.parse(text)).data?.folder;
  } catch {
    return undefined;
  }
}
