import { findOwner } from '../../control/findOwner.ts';
import type { ControlledProcess, EnvironmentStatus } from '../../control/protocol.ts';
import { openStateFolder } from '../../store/stateFolder.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exitCodes.ts';
import type { Style } from '../style.ts';
import { type Cell, formatTable } from '../table.ts';
import { formatDuration, stateInk, stateText } from '../words.ts';

/** Shows every process with its state, and who runs them. */
export async function status(
  context: Context,
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  const stateFolder = await openStateFolder(context.place.folder);
  const found = (await findOwner(stateFolder))?.status ?? (await lookAround());
  if (json) context.output.line(JSON.stringify(found, undefined, 2));
  else for (const line of statusLines(found, context.style, Date.now())) context.output.line(line);
  return exitCodes.ok;

  async function lookAround(): Promise<EnvironmentStatus> {
    const { unownedStatus } = await import('../unownedStatus.ts');
    return unownedStatus(context, stateFolder);
  }
}

/** The table, and a line on who runs the environment. */
export function statusLines(
  { processes, owner }: EnvironmentStatus,
  style: Style,
  nowMs: number,
): string[] {
  const head = ['NAME', 'STATE', 'PID', 'PORT', 'SINCE', 'RESTARTS', ''];
  const rows = processes.map((process) => row(process, style, nowMs));
  const ran = processes.some(({ pid }) => pid !== undefined);
  const runBy =
    owner === undefined
      ? ran
        ? 'Nobody runs this environment now: what is up goes on, and is not started again.'
        : 'Nothing runs.'
      : `Run by ${owner.label}.`;
  return [
    ...formatTable([
      head.map((text, column) => ({
        text,
        paint: (cell: string) => style('dim', cell),
        isRight: isNumber(column),
      })),
      ...rows,
    ]),
    '',
    style('dim', runBy),
  ];
}

function row(process: ControlledProcess, style: Style, nowMs: number): Cell[] {
  const { name, pid, port, sinceMs, restarts, state } = process;
  const ink = stateInk(process);
  const texts = [
    name,
    stateText(process),
    pid === undefined ? '' : String(pid),
    port === undefined ? '' : String(port),
    sinceMs === undefined || state === 'stopped' ? '' : formatDuration(nowMs - sinceMs),
    restarts === 0 ? '' : String(restarts),
    remarks(process, nowMs),
  ];
  return texts.map((text, column) => ({
    text,
    isRight: isNumber(column),
    ...(column === 1 ? { paint: (cell: string) => style(ink, cell) } : {}),
  }));
}

function isNumber(column: number): boolean {
  return column >= 2 && column <= 5;
}

/** What else there is to know, the reason first. */
function remarks(process: ControlledProcess, nowMs: number): string {
  const { reason, health, healthReason, statusText, nextStartAtMs, nextScheduledAtMs } = process;
  const parts = [
    reason,
    health === 'unhealthy' ? healthReason : undefined,
    statusText,
    nextStartAtMs === undefined ? undefined : `starts in ${formatDuration(nextStartAtMs - nowMs)}`,
    nextScheduledAtMs === undefined
      ? undefined
      : `next run ${new Date(nextScheduledAtMs).toLocaleString()}`,
    process.isRemoved ? 'removed from the file' : undefined,
    process.hasPendingChange && !process.isRemoved ? 'changed in the file' : undefined,
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}
