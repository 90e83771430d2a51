import { readMarks } from '../process/linuxMarkers.ts';
import type { UsageTable } from './usageTable.ts';
import type { UsageTarget } from './target.ts';

const unknown = -2;
const nobody = -1;

/**
 * Says of every process whose tree it belongs to: to the nearest target among its ancestors, else to
 * the one that leads its group or session, else to the one it was found with before, or whose mark
 * it carries (a daemon has left everything else behind).
 */
export class OwnerSearch {
  /** Members of the last look with the start they were known by, and who owned them. */
  #known = new Map<number, { readonly start: number; readonly leader: number }>();
  /** Processes that were nobody's, by PID with their start: their marks were read. */
  #foreign = new Map<number, number>();
  readonly #readMarks: typeof readMarks;

  constructor(marks: typeof readMarks = readMarks) {
    this.#readMarks = marks;
  }

  /** Fills `owner`. */
  find(table: UsageTable, targets: readonly UsageTarget[]): void {
    const byPid = new Map(targets.map(({ pid }, index) => [pid, index]));
    const byRun = new Map<string, number>();
    for (const [index, { runId }] of targets.entries())
      if (runId !== undefined) byRun.set(runId, index);
    for (let row = 0; row < table.length; row += 1)
      table.owner[row] = this.#seed(table, row, byPid);
    for (let row = 0; row < table.length; row += 1) this.#resolve(table, row);
    if (process.platform === 'linux' && byRun.size > 0) this.#findMarked(table, byRun);
    this.#remember(table, targets);
  }

  #seed(table: UsageTable, row: number, byPid: ReadonlyMap<number, number>): number {
    const pid = table.pid[row] ?? 0;
    if (pid <= 1 || pid === process.pid) return nobody;
    const own = byPid.get(pid) ?? byPid.get(table.pgid[row] ?? 0) ?? byPid.get(table.sid[row] ?? 0);
    if (own !== undefined) return own;
    const known = this.#known.get(pid);
    if (known?.start !== table.start[row]) return unknown;
    return (known === undefined ? undefined : byPid.get(known.leader)) ?? unknown;
  }

  /** Takes the owner of the nearest ancestor that has one, for all on the way. */
  #resolve(table: UsageTable, row: number): void {
    const way: number[] = [];
    let at: number | undefined = row;
    while (at !== undefined && table.owner[at] === unknown) {
      way.push(at);
      // So that a circle, which a table read in pieces can have, comes to an end.
      table.owner[at] = nobody;
      at = table.rowOf(table.ppid[at] ?? 0);
    }
    const owner = at === undefined ? nobody : (table.owner[at] ?? nobody);
    for (const each of way) table.owner[each] = owner;
  }

  /** Marks are read once of each process, since that costs more than all the rest. */
  #findMarked(table: UsageTable, byRun: ReadonlyMap<string, number>): void {
    const before = this.#foreign;
    this.#foreign = new Map();
    const found: number[] = [];
    for (let row = 0; row < table.length; row += 1) {
      if (table.owner[row] !== nobody) continue;
      const pid = table.pid[row] ?? 0;
      const start = table.start[row] ?? 0;
      this.#foreign.set(pid, start);
      if (pid <= 2 || pid === process.pid || before.get(pid) === start) continue;
      // Children of the kernel have no environment.
      if (table.ppid[row] === 2) continue;
      const owner = byRun.get(this.#readMarks(pid)?.runId ?? '');
      if (owner === undefined) continue;
      table.owner[row] = owner;
      this.#foreign.delete(pid);
      found.push(row);
    }
    if (found.length === 0) return;
    // Their children were looked at with them, and carry the same mark unless they wiped it.
    for (let row = 0; row < table.length; row += 1) {
      if (table.owner[row] === nobody) table.owner[row] = unknown;
    }
    for (let row = 0; row < table.length; row += 1) this.#resolve(table, row);
  }

  #remember(table: UsageTable, targets: readonly UsageTarget[]): void {
    const known = new Map<number, { readonly start: number; readonly leader: number }>();
    for (let row = 0; row < table.length; row += 1) {
      const target = targets[table.owner[row] ?? nobody];
      if (target === undefined || table.isZombie(row)) continue;
      const pid = table.pid[row] ?? 0;
      const same = this.#known.get(pid);
      const start = table.start[row] ?? 0;
      known.set(
        pid,
        same?.start === start && same.leader === target.pid ? same : { start, leader: target.pid },
      );
    }
    this.#known = known;
  }
}
