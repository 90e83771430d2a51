/**
 * The process table in columns, one row a process, with what each has used. Thousands of rows are
 * written each tick, which is why they are numbers in arrays that are used again.
 */
export class UsageTable {
  length = 0;
  /** When it was filled, in ms of a clock that only goes forward. */
  atMs = 0;
  pid = new Int32Array(0);
  ppid = new Int32Array(0);
  /** Group and session; 0 where the platform has or tells none. */
  pgid = new Int32Array(0);
  sid = new Int32Array(0);
  /** In a unit of the platform: with the PID it tells a process from a later one with that PID. */
  start = new Float64Array(0);
  /** CPU time of its own, and of children that ended and that it took note of, in ms. */
  cpuMs = new Float64Array(0);
  childCpuMs = new Float64Array(0);
  memoryBytes = new Float64Array(0);
  /** 0 where it is not told. */
  threads = new Int32Array(0);
  /** Index of the target whose tree it belongs to; -1 for none. */
  owner = new Int32Array(0);
  readonly #zombies = new Set<number>();
  readonly #rows = new Map<number, number>();

  clear(): void {
    this.length = 0;
    this.#zombies.clear();
    this.#rows.clear();
  }

  /** A row for this PID, to be filled by the caller: what it holds is left over from before. */
  add(pid: number, isZombie: boolean): number {
    const row = this.length;
    if (row === this.pid.length) this.#grow();
    this.pid[row] = pid;
    this.owner[row] = -1;
    this.#rows.set(pid, row);
    if (isZombie) this.#zombies.add(row);
    this.length += 1;
    return row;
  }

  rowOf(pid: number): number | undefined {
    return this.#rows.get(pid);
  }

  /** The row in which this table has the very process that `other` has in `row`. */
  rowOfSame(other: UsageTable, row: number): number | undefined {
    const mine = this.#rows.get(other.pid[row] ?? -1);
    return mine !== undefined && this.start[mine] === other.start[row] ? mine : undefined;
  }

  /** It has ended, and holds nothing but its place in the table. */
  isZombie(row: number): boolean {
    return this.#zombies.has(row);
  }

  #grow(): void {
    const size = Math.max(512, this.pid.length * 2);
    const ints = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(size);
      grown.set(old);
      return grown;
    };
    const floats = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(size);
      grown.set(old);
      return grown;
    };
    this.pid = ints(this.pid);
    this.ppid = ints(this.ppid);
    this.pgid = ints(this.pgid);
    this.sid = ints(this.sid);
    this.threads = ints(this.threads);
    this.owner = ints(this.owner);
    this.start = floats(this.start);
    this.cpuMs = floats(this.cpuMs);
    this.childCpuMs = floats(this.childCpuMs);
    this.memoryBytes = floats(this.memoryBytes);
  }
}
