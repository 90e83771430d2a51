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
  readonly table: readonly ProcessInfo[];
  /**
   * Whether every process that was listed could be looked at. If not, it may be a member that is only
   * just becoming another program, or have left a successor that was not yet listed.
   */
  readonly isComplete: boolean;
}

/**
 * Reads the process table, and the environments of those that may carry a mark, in one go: the
 * environment of a process that is older than the leader of a run need not be read, which are nearly
 * all there are.
 *
 * The youngest come first: with `visit` killing at once, this is what catches up with a program that
 * replaces itself by a new process again and again.
 */
export const scanForRuns: (request: RunScanRequest) => Promise<RunScanResult> = shareScan(
  async (requests: readonly RunScanRequest[]) => {
    const oldestTicks = Math.min(...requests.map(({ oldest }) => startTicks(oldest) ?? 0));
    const table: ProcessInfo[] = [];
    const blank = new Set<string>();
    let isComplete = true;
    await forEachPid(listPids().reverse(), (pid) => {
      const info = readLinuxProcess(pid);
      if (info === undefined) {
        isComplete = false;
        return;
      }
      table.push(info);
      if ((startTicks(info.startTime) ?? oldestTicks) < oldestTicks) return;
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
    return { table, isComplete };
  },
);

/**
 * Processes whose environment was empty when last looked at. It is so for a moment in an exec, and
 * from the end on: to have been listed alive and to be found a zombie is to have vanished, where
 * nobody reaps. Those that were so before are old zombies, or have no environment indeed.
 */
let knownBlank: ReadonlySet<string> = new Set();
