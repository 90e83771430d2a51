import type { UsageSeries } from './usage.ts';

/** At full rate; what is older is kept thinned, in ms. */
const fullMs = 15 * 60_000;
/** One thinned measurement stands for this long, in ms: its mean CPU and its highest memory. */
const thinMs = 60_000;
/** At one measurement in two seconds. */
const maxFull = 450;
/** Four hours. */
const maxThin = 240;

/** What one process used in the past, in bounded memory: 8 KB at most. */
export class UsageHistory {
  readonly #full = new Columns(maxFull);
  readonly #thin = new Columns(maxThin);
  /** The thinned measurement that is being gathered. */
  #sum = { count: 0, sinceMs: 0, cpuPercent: 0, memoryBytes: 0 };

  add(atMs: number, cpuPercent: number, memoryBytes: number): void {
    const oldest = this.#full.oldestMs;
    if (oldest !== undefined && (this.#full.isFull || atMs - oldest > fullMs)) this.#retire();
    this.#full.push(atMs, cpuPercent, memoryBytes);
    while ((this.#full.oldestMs ?? atMs) < atMs - fullMs) this.#retire();
  }

  series(): UsageSeries {
    const series = { atMs: [], cpuPercent: [], memoryBytes: [] };
    this.#thin.copyTo(series);
    this.#full.copyTo(series);
    return series;
  }

  /** The mean CPU of the last `count` measurements; undefined when there are none. */
  recentCpu(count: number): number | undefined {
    return this.#full.meanCpuOfLast(count);
  }

  #retire(): void {
    const [atMs, cpuPercent, memoryBytes] = this.#full.shift();
    const sum = this.#sum;
    if (sum.count > 0 && atMs - sum.sinceMs >= thinMs) {
      this.#thin.push(sum.sinceMs, sum.cpuPercent / sum.count, sum.memoryBytes);
      sum.count = 0;
    }
    if (sum.count === 0) this.#sum = { count: 1, sinceMs: atMs, cpuPercent, memoryBytes };
    else {
      sum.count += 1;
      sum.cpuPercent += cpuPercent;
      sum.memoryBytes = Math.max(sum.memoryBytes, memoryBytes);
    }
  }
}

/** A ring of measurements that forgets the oldest, and grows no further than it has to. */
class Columns {
  readonly #max: number;
  /** Times are kept in seconds from here, which is exact enough in 32 bits for a month. */
  #baseMs = 0;
  #times = new Float32Array(0);
  #cpu = new Float32Array(0);
  #memory = new Float32Array(0);
  #first = 0;
  #length = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get isFull(): boolean {
    return this.#length === this.#max;
  }

  get oldestMs(): number | undefined {
    return this.#length === 0 ? undefined : this.#timeAt(this.#first);
  }

  push(atMs: number, cpuPercent: number, memoryBytes: number): void {
    if (this.#length === 0) this.#baseMs = atMs;
    if (this.isFull) this.shift();
    if (this.#length === this.#times.length) this.#grow();
    const at = this.#index(this.#length);
    this.#times[at] = (atMs - this.#baseMs) / 1000;
    this.#cpu[at] = cpuPercent;
    this.#memory[at] = memoryBytes;
    this.#length += 1;
  }

  shift(): [atMs: number, cpuPercent: number, memoryBytes: number] {
    const at = this.#first;
    this.#first = this.#index(1);
    this.#length -= 1;
    return [this.#timeAt(at), this.#cpu[at] ?? 0, this.#memory[at] ?? 0];
  }

  copyTo(series: { atMs: number[]; cpuPercent: number[]; memoryBytes: number[] }): void {
    for (let offset = 0; offset < this.#length; offset += 1) {
      const at = this.#index(offset);
      series.atMs.push(this.#timeAt(at));
      series.cpuPercent.push(this.#cpu[at] ?? 0);
      series.memoryBytes.push(this.#memory[at] ?? 0);
    }
  }

  meanCpuOfLast(count: number): number | undefined {
    const some = Math.min(count, this.#length);
    if (some === 0) return undefined;
    let sum = 0;
    for (let back = 1; back <= some; back += 1) {
      sum += this.#cpu[this.#index(this.#length - back)] ?? 0;
    }
    return sum / some;
  }

  #timeAt(at: number): number {
    return Math.round(this.#baseMs + (this.#times[at] ?? 0) * 1000);
  }

  #index(offset: number): number {
    return (this.#first + offset) % Math.max(1, this.#times.length);
  }

  #grow(): void {
    const size = Math.min(this.#max, Math.max(16, this.#times.length * 2));
    const resize = (old: Float32Array): Float32Array<ArrayBuffer> => {
      const grown = new Float32Array(size);
      for (let i = 0; i < this.#length; i += 1) grown[i] = old[this.#index(i)] ?? 0;
      return grown;
    };
    [this.#times, this.#cpu, this.#memory] = [
      resize(this.#times),
      resize(this.#cpu),
      resize(this.#memory),
    ];
    this.#first = 0;
  }
}
