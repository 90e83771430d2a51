import { type Clock, systemClock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { CpuAccount } from './cpuAccount.ts';
import { OwnerSearch } from './ownerSearch.ts';
import type { UsageTarget } from './target.ts';
import type { Usage, UsageDemand } from './usage.ts';
import { scanUsage } from './scanUsage.ts';
import { UsageTable } from './usageTable.ts';

/** One who wants measurements: the monitor of an environment. */
export interface SamplerClient {
  readonly targets: () => readonly UsageTarget[];
  /** Undefined: nothing now. */
  readonly demand: () => UsageDemand | undefined;
  readonly take: (usages: ReadonlyMap<string, Usage>) => void;
}

export interface SamplerOptions {
  readonly clock?: Clock;
  readonly scan?: typeof scanUsage;
}

/** From the beginning of one tick to that of the next, at least. */
const intervalsMs: Readonly<Record<UsageDemand, number>> = {
  watched: 2_000,
  limits: 5_000,
  background: 30_000,
};
/** The part of one core that the ticks may take. */
const maxShare = 0.01;
/** However dear a tick is, in ms. */
const maxIntervalMs = 60_000;

/**
 * Looks at the process table once a tick, for the processes of all environments of this host, as
 * often as the most urgent of them wants and the cost of a tick allows.
 */
export class Sampler {
  readonly #clock: Clock;
  readonly #scan: typeof scanUsage;
  readonly #clients = new Set<SamplerClient>();
  readonly #owners = new OwnerSearch();
  readonly #cpu = new CpuAccount();
  #table = new UsageTable();
  #before: UsageTable | undefined;
  #timer: { readonly atMs: number; readonly handle: Disposable } | undefined;
  #isTicking = false;
  #lastTickMs = Number.NEGATIVE_INFINITY;
  /** What a tick costs, in ms; smoothed, so that one that was interrupted does not count for much. */
  #costMs = 0;

  constructor({ clock = systemClock, scan = scanUsage }: SamplerOptions = {}) {
    this.#clock = clock;
    this.#scan = scan;
  }

  /** What a tick has cost lately, in ms. */
  get costMs(): number {
    return this.#costMs;
  }

  /** The present pause between ticks; undefined when there are none. */
  get intervalMs(): number | undefined {
    const demanded = [...this.#clients]
      .filter((client) => client.demand() !== undefined && client.targets().length > 0)
      .map((client) => intervalsMs[client.demand() ?? 'background']);
    if (demanded.length === 0) return undefined;
    const bounded = Math.min(this.#costMs / maxShare, maxIntervalMs);
    return Math.max(bounded, Math.min(...demanded));
  }

  add(client: SamplerClient): void {
    this.#clients.add(client);
  }

  remove(client: SamplerClient): void {
    this.#clients.delete(client);
    this.wake();
  }

  /** Something began to run, or a demand is over: there may be something to do, or nothing more. */
  wake(): void {
    if (this.#isTicking) return;
    // A tick is due anyway, and finds out itself.
    if (this.#timer !== undefined && this.#clients.size > 0) return;
    this.#plan();
  }

  /** A demand came: the first numbers should not take a whole interval. */
  hurry(): void {
    if (!this.#isTicking) this.#plan();
  }

  #plan(): void {
    const intervalMs = this.intervalMs;
    if (intervalMs === undefined) {
      this.#timer?.handle.dispose();
      this.#timer = undefined;
      return;
    }
    const nowMs = this.#clock.now();
    const atMs = Math.max(nowMs, this.#lastTickMs + intervalMs);
    if (this.#timer !== undefined) {
      if (this.#timer.atMs <= atMs) return;
      this.#timer.handle.dispose();
    }
    const handle = this.#clock.schedule(atMs - nowMs, () => {
      this.#timer = undefined;
      void this.#tick();
    });
    this.#timer = { atMs, handle };
  }

  async #tick(): Promise<void> {
    if (this.intervalMs === undefined) return;
    this.#isTicking = true;
    this.#lastTickMs = this.#clock.now();
    const beganMs = performance.now();
    const cpuBefore = process.cpuUsage();
    try {
      await this.measure();
    } finally {
      const { user, system } = process.cpuUsage(cpuBefore);
      // The time of other threads counts along, the time in which others had the processor does not.
      const costMs = Math.min(performance.now() - beganMs, (user + system) / 1000);
      this.#costMs = this.#costMs === 0 ? costMs : this.#costMs * 0.7 + costMs * 0.3;
      this.#isTicking = false;
      this.#plan();
    }
  }

  /** One tick, now. */
  async measure(): Promise<void> {
    const clients = [...this.#clients].filter((client) => client.demand() !== undefined);
    const perClient = clients.map((client) => ({ client, targets: client.targets() }));
    const targets = perClient.flatMap((one) => one.targets);
    const table = this.#table;
    table.clear();
    const atMs = this.#clock.now();
    await this.#scan(table, (filled) => this.#owners.find(filled, targets));
    const cpuPercents = this.#cpu.since(this.#before, table, targets.length);
    const usages = sumUp(table, targets, cpuPercents, atMs);
    // The two take turns: a table of thousands is not made anew for each tick.
    this.#table = this.#before ?? new UsageTable();
    this.#before = table;
    let at = 0;
    for (const one of perClient) {
      const mine = new Map<string, Usage>();
      for (const { name } of one.targets) {
        const usage = usages[at];
        at += 1;
        if (usage !== undefined) mine.set(name, usage);
      }
      if (this.#clients.has(one.client)) one.client.take(mine);
    }
  }
}

function sumUp(
  table: UsageTable,
  targets: readonly UsageTarget[],
  cpuPercents: readonly (number | undefined)[],
  atMs: number,
): (Usage | undefined)[] {
  const sums = targets.map(() => ({ memoryBytes: 0, threads: 0, pids: [] as number[] }));
  for (let row = 0; row < table.length; row += 1) {
    const sum = sums[table.owner[row] ?? -1];
    if (sum === undefined || table.isZombie(row)) continue;
    sum.memoryBytes += table.memoryBytes[row] ?? 0;
    sum.threads += table.threads[row] ?? 0;
    sum.pids.push(table.pid[row] ?? 0);
  }
  return sums.map(({ memoryBytes, threads, pids }, index) => {
    const leader = targets[index]?.pid;
    if (pids.length === 0) return undefined;
    return {
      atMs,
      cpuPercent: cpuPercents[index],
      memoryBytes,
      pids: pids.sort((a, b) => Number(b === leader) - Number(a === leader)),
      ...(threads === 0 ? {} : { threads }),
    };
  });
}

let shared: Sampler | undefined;

/** The one of this host. */
export function sharedSampler(): Sampler {
  shared ??= new Sampler();
  return shared;
}
