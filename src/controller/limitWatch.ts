import * as l10n from '@vscode/l10n';
import type { Disposable } from '../base/disposable.ts';
import type { HeldLimit, LimitName } from '../process/limits/limits.ts';
import { limitText } from '../process/limits/limitWords.ts';
import {
  countReadings,
  isExceeded,
  type LimitReading,
  type OverCounts,
  usedOf,
} from '../process/limits/sampledLimits.ts';
import type { Companion, CompanionFacts, CompanionHost, StateChange } from './companion.ts';
import type { EnvironmentController } from './snapshot.ts';

type LimitHost = Pick<CompanionHost, 'model' | 'process' | 'giveUp' | 'announce'> &
  Pick<EnvironmentController, 'usage'>;

interface Watched {
  readonly run: number;
  readonly held: readonly HeldLimit[];
  counts: OverCounts;
}

/**
 * Holds the limits for which the system has no means, by looking at what is used now and then. A
 * program that runs away between two looks is seen late: it is told so in docs/limits.md.
 */
export class LimitWatch implements Companion {
  readonly #host: LimitHost;
  readonly #watched = new Map<string, Watched>();
  readonly #measures: Disposable;
  #demand: Disposable | undefined;

  constructor(host: LimitHost) {
    this.#host = host;
    this.#measures = host.usage.onDidMeasure(() => this.#look());
  }

  onStateChange({ name }: StateChange): void {
    this.#watched.delete(name);
    const process = this.#host.process(name);
    const isUp = process?.state === 'starting' || process?.state === 'running';
    if (isUp && process.limits.some(({ means }) => means === 'sampling')) {
      this.#watched.set(name, { run: process.run, held: process.limits, counts: {} });
    }
    if (this.#watched.size === 0) this.#endDemand();
    else this.#demand ??= this.#host.usage.demand('limits');
  }

  facts(name: string): CompanionFacts {
    const watched = this.#watched.get(name);
    if (watched === undefined) return {};
    const { held, counts } = watched;
    return {
      limits: held.map((each) => ({ ...each, isExceeded: isExceeded(each.limit, counts) })),
    };
  }

  dispose(): void {
    this.#measures.dispose();
    this.#endDemand();
  }

  #endDemand(): void {
    this.#demand?.dispose();
    this.#demand = undefined;
  }

  #look(): void {
    for (const [name, watched] of [...this.#watched]) {
      const usage = this.#host.usage.of(name);
      if (usage === undefined) continue;
      const { memoryBytes, cpuPercent, pids, threads } = usage;
      // The kernel counts threads as well, where it holds the limit.
      const reading = { memoryBytes, cpuPercent, processes: threads ?? pids.length };
      const before = exceededOf(watched);
      watched.counts = countReadings(watched.held, reading, watched.counts);
      const now = exceededOf(watched);
      if (now.join() === before.join()) continue;
      this.#host.announce(name);
      const [first] = now.filter((limit) => !before.includes(limit));
      if (first !== undefined) this.#act(name, watched, first, reading);
    }
  }

  #act(name: string, { run, held }: Watched, limit: LimitName, reading: LimitReading): void {
    const { limits } = this.#host.model.processes.find((each) => each.name === name) ?? {};
    const action = limits?.onLimit ?? 'report';
    const allowed = held.find((each) => each.limit === limit)?.value;
    const used = usedOf(limit, reading);
    if (action === 'report' || allowed === undefined || used === undefined) return;
    const why = l10n.t('beyond its limit: {0} of {1}', limitText(limit, used), limitText(limit, allowed)); // prettier-ignore
    this.#host.giveUp(name, { run, code: 'limit-exceeded', why, action });
  }
}

function exceededOf({ held, counts }: Watched): readonly LimitName[] {
  return held.map(({ limit }) => limit).filter((limit) => isExceeded(limit, counts));
}
