import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { ProcessModel } from '../config/model.ts';
import { createHealthProbe, createProbe } from '../health/createProbe.ts';
import { watchHealth } from '../health/healthWatch.ts';
import type { ProbeContext } from '../health/probe.ts';
import { waitUntilReady } from '../health/waitUntilReady.ts';
import type { ProbeSighting } from './processRun.ts';
import type { ProcessEvent } from './state.ts';

export interface RunProbesOptions {
  readonly definition: ProcessModel;
  readonly run: number;
  readonly clock: Clock;
  readonly context: ProbeContext;
  readonly report: (event: ProcessEvent) => void;
}

/** What is asked of one run while it lives: is it ready, is it still well, does it take too long? */
export class RunProbes {
  readonly #options: RunProbesOptions;
  #watching: AbortController | undefined;
  #sighting: ProbeSighting | undefined;
  #healthReason: string | undefined;

  constructor(options: RunProbesOptions) {
    this.#options = options;
  }

  /** What the last readiness probe saw. */
  get sighting(): ProbeSighting | undefined {
    return this.#sighting;
  }

  /** What the health check saw last, when it was not well. */
  get healthReason(): string | undefined {
    return this.#healthReason;
  }

  /**
   * Probes until ready; reports `ready`, or `startup-timeout` when it takes longer than `timeoutMs`
   * from now (undefined: it may take for ever).
   */
  async watchReadiness(timeoutMs: number | undefined, onSighting: () => void): Promise<void> {
    const { definition, run, clock, context, report } = this.#options;
    const { ready, startupTimeoutMs } = definition;
    if (ready.kind === 'alive') {
      report({ kind: 'ready', run });
      return;
    }
    const signal = this.#signal();
    const timer = this.#after(timeoutMs, () => {
      const seen = this.#sighting?.seen ?? '';
      report({ kind: 'startup-timeout', run, timeoutMs: startupTimeoutMs, seen });
    });
    const probe = createProbe(ready, context);
    try {
      const outcome = await waitUntilReady(probe, {
        clock,
        signal,
        onAttempt: (result, tries) => {
          if (result.ok) return;
          this.#sighting = { seen: result.seen, tries };
          onSighting();
        },
      });
      if (outcome === 'ready' && !signal.aborted) report({ kind: 'ready', run });
    } finally {
      timer?.dispose();
      probe.dispose?.();
    }
  }

  /** Asks again and again whether it is still well; reports `health` when the verdict changes. */
  async watchHealth(onSighting: () => void): Promise<void> {
    const { definition, run, clock, context, report } = this.#options;
    const { healthCheck } = definition;
    if (healthCheck === undefined) return;
    const signal = this.#signal();
    const probe = createHealthProbe(healthCheck.probe, context);
    try {
      await watchHealth(probe, {
        ...healthCheck,
        clock,
        signal,
        onCheck: ({ ok, seen }) => {
          const reason = ok ? undefined : seen;
          if (reason === this.#healthReason) return;
          this.#healthReason = reason;
          onSighting();
        },
        onVerdict: (verdict, seen) => report({ kind: 'health', run, verdict, seen }),
      });
    } finally {
      probe.dispose?.();
    }
  }

  /** Reports `timed-out` when the run takes longer than a task may. */
  watchTimeout(elapsedMs: number): void {
    const { definition, run, report } = this.#options;
    const { timeoutMs } = definition;
    if (timeoutMs === undefined) return;
    const timer = this.#after(timeoutMs - elapsedMs, () => {
      report({ kind: 'timed-out', run, timeoutMs });
    });
    this.#signal().addEventListener('abort', () => timer?.dispose(), { once: true });
  }

  /** Ends all of it. */
  end(): void {
    this.#watching?.abort();
    this.#watching = undefined;
  }

  /** Made when something is watched: an abort costs more than most starts have to end. */
  #signal(): AbortSignal {
    this.#watching ??= new AbortController();
    return this.#watching.signal;
  }

  #after(delayMs: number | undefined, action: () => void): Disposable | undefined {
    if (delayMs === undefined) return undefined;
    return this.#options.clock.schedule(Math.max(0, delayMs), action);
  }
}
