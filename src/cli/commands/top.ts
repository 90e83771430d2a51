import { findOwner } from '../../control/findOwner.ts';
import type { ControlledProcess, ProcessUsage } from '../../control/protocol.ts';
import { openStateFolder } from '../../store/stateFolder.ts';
import type { Context } from '../context.ts';
import { CliError, exitCodes } from '../exitCodes.ts';
import type { Style } from '../style.ts';
import { formatTable } from '../table.ts';
import { formatBytes, stateInk, stateText } from '../words.ts';

/** Goes home, and clears from there: without a flicker, and without an end of what was scrolled. */
const clear = '\x1b[H\x1b[J';

/** Shows what the trees of processes use, measured by who runs them, until it is interrupted. */
export async function top(
  context: Context,
  { once = false }: { readonly once?: boolean },
): Promise<number> {
  const { output, style } = context;
  const stateFolder = await openStateFolder(context.place.folder);
  const owner = await findOwner(stateFolder);
  if (owner === undefined) {
    throw new CliError(exitCodes.failed, 'Nobody runs this environment now.');
  }
  const isLive = output.isTerminal && !once;
  let processes: readonly ControlledProcess[] = owner.status.processes;
  await new Promise<void>((resolve) => {
    const subscription = owner.client.follow(
      (event) => {
        if (event.kind === 'end') resolve();
        if (event.kind === 'status') processes = event.status.processes;
        if (event.kind === 'change') {
          const changed = new Map(event.processes.map((process) => [process.name, process]));
          processes = processes.map((process) => changed.get(process.name) ?? process);
        }
        if (event.kind !== 'usage') return;
        // The first measurement has no CPU: there is nothing before it to compare with.
        const isComplete = event.usages.every(({ cpuPercent }) => cpuPercent !== undefined);
        if (!isLive && !isComplete) return;
        const lines = usageLines(processes, event.usages, style);
        output.write(`${isLive ? clear : ''}${lines.join('\n')}\n`);
        if (once) end();
      },
      { withUsage: true },
    );
    const end = (): void => {
      subscription.dispose();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
    output.onClosed(end);
  });
  return exitCodes.ok;
}

/** What uses most of the processor comes first. */
export function usageLines(
  processes: readonly ControlledProcess[],
  usages: readonly ProcessUsage[],
  style: Style,
): string[] {
  const byName = new Map(usages.map((usage) => [usage.name, usage]));
  const rows = processes
    .map((process) => ({ process, usage: byName.get(process.name) }))
    .sort((a, b) => (b.usage?.cpuPercent ?? -1) - (a.usage?.cpuPercent ?? -1))
    .map(({ process, usage }) => [
      { text: process.name },
      { text: stateText(process), paint: (text: string) => style(stateInk(process), text) },
      { text: process.pid === undefined ? '' : String(process.pid), isRight: true },
      {
        text: usage?.cpuPercent === undefined ? '' : `${usage.cpuPercent.toFixed(1)} %`,
        isRight: true,
      },
      { text: usage === undefined ? '' : formatBytes(usage.memoryBytes), isRight: true },
      { text: usage === undefined ? '' : String(usage.processes), isRight: true },
    ]);
  const head = ['NAME', 'STATE', 'PID', 'CPU', 'MEMORY', 'PROCESSES'].map((text, column) => ({
    text,
    paint: (cell: string) => style('dim', cell),
    isRight: column >= 2,
  }));
  return formatTable([head, ...rows]);
}
