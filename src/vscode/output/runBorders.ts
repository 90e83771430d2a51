import * as vscode from 'vscode';
import { describeExit } from '../../controller/describe.ts';
import type { ProcessSnapshot, RunEvent } from '../../controller/snapshot.ts';
import { formatTime } from '../words.ts';

/** What stands between the output of two runs: "10:02:11 run 3 started by you". */
export function runBorder(
  { kind, run, cause }: RunEvent,
  process: ProcessSnapshot | undefined,
  nowMs: number,
): string {
  const { t } = vscode.l10n;
  switch (kind) {
    case 'began': {
      const time = formatTime(process?.startedAtMs ?? nowMs);
      return cause === undefined
        ? t('{0} run {1} started', time, run)
        : t('{0} run {1} started {2}', time, run, cause);
    }
    case 'resumed':
      return t('run {0} goes on', run);
    case 'ended':
      return endBorder(run, process, nowMs);
  }
}

/** How a run ended, for one that is over. */
export function endBorder(
  run: number,
  process: ProcessSnapshot | undefined,
  nowMs: number,
): string {
  const { t } = vscode.l10n;
  const exit = process?.lastExit;
  const time = formatTime(exit?.atMs ?? nowMs);
  const how = exit === undefined ? undefined : describeExit(exit);
  const why = process?.state === 'stopped' ? process.reason : undefined;
  if (why !== undefined) {
    return how === undefined
      ? t('{0} run {1} stopped {2}', time, run, why)
      : t('{0} run {1} stopped {2}: {3}', time, run, why, how);
  }
  return how === undefined
    ? t('{0} run {1} ended', time, run)
    : t('{0} run {1} ended: {2}', time, run, how);
}
