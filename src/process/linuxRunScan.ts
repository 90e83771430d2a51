import { lstatSync } from 'node:fs';
import { type MarkVisitor, parseMarks, readEnvironment } from './linuxMarkers.ts';
import { forEachPid, listPids, readLinuxProcess, startTicks } from './linuxProcessTable.ts';
import type { ProcessInfo } from './processInfo.ts';
import { shareScan } from './sharedScan.ts';

/** What is asked of a look for the members of a run. */
export interface RunScanRequest {
  /** Told of each process that carries a mark, at the moment at which the mark was read. */
  readonly visit: MarkVisitor;
  /**
   * Nothing that was started before this process carries the mark that is looked for. In the form of
   * `ProcessInfo.startTime`; undefined when it could.
   */
  readonly oldest: string | undefined;
}

export interface RunScanResult {
  /** Those that are older than all that was asked for may be left out. */
  readonly table: readonly ProcessInfo[];
  /**
   * Whether every process that was listed could be looked at. If not, it may be a member that is only
   * just becoming another program, or have left a successor that was not yet listed.
   */
  readonly isComplete: boolean;
}

/**
 * Reads the process table, and the environments of those that may carry a mark, in one go. What is
 * older than the leader of a run is nothing that it started, and cannot have come into its group or
 * session; of nearly all processes there are, it is enough to see that they are still the same.
 *
 * The youngest come first: with `visit` killing at once, this is what catches up with a program that
 * replaces itself by a new process again and again.
 */
export const scanForRuns: (request: RunScanRequest) => Promise<RunScanResult> = shareScan(
  async (requests: readonly RunScanRequest[]) => {
    const oldestTicks = Math.min(...requests.map(({ oldest }) => startTicks(oldest) ?? 0));
    const table: ProcessInfo[] = [];
    const blank = new Set<string>();
    const next = new Map<number, Elder>();
    let isComplete = true;
    await forEachPid(listPids().reverse(), (pid) => {
      const entry = oldestTicks === 0 ? undefined : entryOf(pid);
      const elder = elders.get(pid);
      if (elder !== undefined && elder.entry === entry && elder.ticks < oldestTicks) {
        next.set(pid, elder);
        return;
      }
      const info = readLinuxProcess(pid);
      if (info === undefined) {
        isComplete = false;
        return;
      }
      table.push(info);
      const ticks = startTicks(info.startTime) ?? oldestTicks;
      if (entry !== undefined) next.set(pid, { entry, ticks });
      if (ticks < oldestTicks) return;
      const environment = readEnvironment(pid);
      if (environment === 'vanished') isComplete = false;
      else if (environment?.length === 0) {
        const identity = `${pid} ${info.startTime}`;
        blank.add(identity);
        if (!knownBlank.has(identity)) isComplete = false;
      }
      const marks = parseMarks(environment);
      if (marks !== undefined) for (const { visit } of requests) visit(pid, marks);
    });
    knownBlank = blank;
    if (oldestTicks !== 0) elders = next;
    return { table, isComplete };
  },
);

/**
 * Processes whose environment was empty when last looked at. It is so for a moment in an exec, and
 * from the end on: to have been listed alive and to be found a zombie is to have vanished, where
 * nobody reaps. Those that were so before are old zombies, or have no environment indeed.
 */
let knownBlank: ReadonlySet<string> = new Set();

/** A process, as it was found in /proc, and when it was started. */
interface Elder {
  readonly entry: string;
  readonly ticks: number;
}

/** Of the last look. */
let elders: ReadonlyMap<number, Elder> = new Map();

/**
 * Tells the folder of a process in /proc from that of any other, at a fifth of what its start time
 * costs: the kernel makes another one when a PID is given out again (`pid_revalidate`). It may also
 * do so for the same process. To be asked before the start time, so that what is put together of
 * two processes fits neither.
 */
function entryOf(pid: number): string | undefined {
  try {
    const { ino, ctimeMs } = lstatSync(`/proc/${pid}`);
    return ino === 0 ? undefined : `${ino} ${ctimeMs}`;
  } catch {
    return undefined;
  }
}
