import { canFindMarked } from '../host/processTable.ts';
import type { CodeServer } from '../host/server.ts';
import type { Workbench } from '../host/workbench.ts';

/** A process as the tree of the extension shows it. */
export interface ProcessView {
  readonly name: string;
  readonly state: string;
  /** What stands behind the name. */
  readonly detail: string;
  readonly port: string;
  readonly pid: string;
}

/** Reads the tree, as a person would; the PIDs come from the process table. */
export async function readEnvironment(
  workbench: Workbench,
  server: CodeServer,
): Promise<ProcessView[]> {
  const rows = await workbench.rows();
  const pids = server.environmentProcesses();
  return rows.map(({ label, description, spoken }) => ({
    name: label,
    state: stateIn(spoken.slice(label.length)),
    detail: description,
    port: /^:(\d+)/.exec(description)?.[1] ?? '',
    pid: String(pids.get(label) ?? ''),
  }));
}

const states = ['running', 'completed', 'stopped', 'starting', 'stopping', 'waiting', 'failed'];

/** What is spoken of a process begins with its name and its state. */
function stateIn(words: string): string {
  return states.find((state) => words.startsWith(`, ${state}`)) ?? words.slice(2);
}

/** A service that is up has a process; where the process table cannot tell, the tree is believed. */
export function isUp({ state, pid }: ProcessView): boolean {
  return state === 'completed' || (state === 'running' && (pid !== '' || !canFindMarked));
}

export function isDown({ state, pid }: ProcessView): boolean {
  return (state === 'stopped' || state === 'completed') && pid === '';
}

/** The processes as lines with aligned columns. */
export function formatTable(processes: readonly ProcessView[]): string {
  const rows = [
    ['process', 'state', 'port', 'PID'],
    ...processes.map(({ name, state, port, pid }) => [name, state, port, pid]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('   ')}`)
    .map((line) => line.trimEnd())
    .join('\n');
}
