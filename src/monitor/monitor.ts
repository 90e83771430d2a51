import { type Disposable, toDisposable } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import { readDetails } from './details.ts';
import { type Sampler, type SamplerClient, sharedSampler } from './sampler.ts';
import type { UsageTarget } from './target.ts';
import type { Usage, UsageDemand, UsageDetails, UsageMonitor, UsageSeries } from './usage.ts';
import { UsageHistory } from './usageHistory.ts';

export interface MonitorOptions {
  /** What runs now. Asked once a tick, so it should be cheap. */
  readonly targets: () => readonly UsageTarget[];
  /** Something may have begun to run. */
  readonly onDidChange: Event<unknown>;
  readonly sampler?: Sampler;
}

const noSeries: UsageSeries = { atMs: [], cpuPercent: [], memoryBytes: [] };

/** What the processes of one environment use: the last measurement of each, and its past. */
export class Monitor implements UsageMonitor, Disposable {
  readonly #targets: () => readonly UsageTarget[];
  readonly #sampler: Sampler;
  readonly #client: SamplerClient;
  readonly #usages = new Map<string, Usage>();
  readonly #histories = new Map<string, UsageHistory>();
  readonly #demands = new Set<{ readonly level: UsageDemand }>();
  readonly #changes: Disposable;
  readonly #onDidMeasure = new Emitter<void>();
  readonly onDidMeasure = this.#onDidMeasure.event;

  constructor({ targets, onDidChange, sampler = sharedSampler() }: MonitorOptions) {
    this.#targets = targets;
    this.#sampler = sampler;
    this.#client = {
      targets,
      demand: () => mostUrgent(this.#demands),
      take: (usages) => {
        this.#take(usages);
      },
    };
    this.#changes = onDidChange(() => {
      sampler.wake();
    });
    sampler.add(this.#client);
  }

  of(name: string): Usage | undefined {
    return this.#usages.get(name);
  }

  history(name: string): UsageSeries {
    return this.#histories.get(name)?.series() ?? noSeries;
  }

  demand(level: UsageDemand): Disposable {
    const demand = { level };
    this.#demands.add(demand);
    this.#sampler.hurry();
    return toDisposable(() => {
      this.#demands.delete(demand);
      this.#sampler.wake();
    });
  }

  async details(name: string): Promise<UsageDetails | undefined> {
    const pids = this.of(name)?.pids ?? this.#leaderOf(name);
    return pids.length === 0 ? undefined : readDetails(pids);
  }

  dispose(): void {
    this.#changes.dispose();
    this.#demands.clear();
    this.#sampler.remove(this.#client);
    this.#onDidMeasure.dispose();
  }

  #take(usages: ReadonlyMap<string, Usage>): void {
    for (const name of this.#usages.keys()) {
      // What a process used that has ended is told by its history.
      if (!usages.has(name)) this.#usages.delete(name);
    }
    for (const [name, usage] of usages) {
      this.#usages.set(name, usage);
      if (usage.cpuPercent === undefined) continue;
      let history = this.#histories.get(name);
      if (history === undefined) {
        history = new UsageHistory();
        this.#histories.set(name, history);
      }
      history.add(usage.atMs, usage.cpuPercent, usage.memoryBytes);
    }
    this.#onDidMeasure.fire();
  }

  #leaderOf(name: string): readonly number[] {
    return this.#targets()
      .filter((target) => target.name === name)
      .map(({ pid }) => pid);
  }
}

const urgency: readonly UsageDemand[] = ['watched', 'limits', 'background'];

function mostUrgent(demands: Iterable<{ readonly level: UsageDemand }>): UsageDemand | undefined {
  const levels = new Set([...demands].map(({ level }) => level));
  return urgency.find((level) => levels.has(level));
}
