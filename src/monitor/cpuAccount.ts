import type { UsageTable } from './usageTable.ts';

/**
 * CPU per tree between two looks. Programs that were started and ended in between are counted too:
 * their time is with the parent that took note of their end.
 */
export class CpuAccount {
  /**
   * In percent of one core, by the index of the owner; undefined where the tree was not there
   * before, and has not begun since.
   */
  since(
    before: UsageTable | undefined,
    now: UsageTable,
    owners: number,
  ): readonly (number | undefined)[] {
    if (before === undefined) return new Array<undefined>(owners).fill(undefined);
    const elapsedMs = now.atMs - before.atMs;
    const usedMs = new Float64Array(owners);
    const fromChildrenMs = new Float64Array(owners);
    for (let row = 0; row < now.length; row += 1) {
      const owner = now.owner[row] ?? -1;
      if (owner < 0) continue;
      const old = before.rowOfSame(now, row);
      const cpuMs = now.cpuMs[row] ?? 0;
      const childCpuMs = now.childCpuMs[row] ?? 0;
      usedMs[owner] =
        (usedMs[owner] ?? 0) + cpuMs - (old === undefined ? 0 : (before.cpuMs[old] ?? 0));
      fromChildrenMs[owner] =
        (fromChildrenMs[owner] ?? 0) +
        childCpuMs -
        (old === undefined ? 0 : (before.childCpuMs[old] ?? 0));
    }
    this.#takeOffKnown(before, now, fromChildrenMs);
    return [...usedMs].map((ms, owner) => {
      const all = Math.max(0, ms) + Math.max(0, fromChildrenMs[owner] ?? 0);
      return elapsedMs > 0 ? (all / elapsedMs) * 100 : undefined;
    });
  }

  /**
   * What a child had used when it was last seen is not used now, though it comes to its parent only
   * now, with the child's end.
   */
  #takeOffKnown(before: UsageTable, now: UsageTable, fromChildrenMs: Float64Array): void {
    for (let row = 0; row < before.length; row += 1) {
      if ((before.owner[row] ?? -1) < 0 || now.rowOfSame(before, row) !== undefined) continue;
      const parent = now.rowOf(before.ppid[row] ?? 0);
      const owner = parent === undefined ? -1 : (now.owner[parent] ?? -1);
      if (owner < 0) continue;
      fromChildrenMs[owner] =
        (fromChildrenMs[owner] ?? 0) - (before.cpuMs[row] ?? 0) - (before.childCpuMs[row] ?? 0);
    }
  }
}
