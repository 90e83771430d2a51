import type { Clock } from '../base/clock.ts';
import { lastLines } from '../store/lastLines.ts';
import type { Companion, CompanionHost, CompanionRequest, StateChange } from './companion.ts';
import { describeStart, describeStatus } from './describe.ts';
import { type Explanation, explainedBy, summarize } from './explain.ts';
import type { EnvironmentController, RequestedBy } from './snapshot.ts';
import { pastStart } from './pastStart.ts';
import { addToTimeline, beginTimeline, type Timeline } from './timeline.ts';
import { TransitionLog } from './transitionLog.ts';

/** Starts of the environment that are kept. */
const keptTimelines = 20;
/** Lines of output that belong to an explanation. */
const explainedLines = 10;

const starters: ReadonlySet<RequestedBy> = new Set(['you', 'autostart', 'config']);

type ChronicleHost = Pick<CompanionHost, 'process' | 'processes'> &
  Pick<EnvironmentController, 'mask'>;

/** Keeps what happened, and explains by it how things are. For as long as the host lives. */
export class Chronicle implements Companion {
  readonly #host: ChronicleHost;
  readonly #clock: Clock;
  readonly #log = new TransitionLog();
  #timelines: readonly Timeline[] = [];

  constructor(host: ChronicleHost, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
  }

  /** Starts of the environment or of parts of it, oldest first. */
  timelines(): readonly Timeline[] {
    return this.#timelines;
  }

  /** Undefined when there is no such process. */
  async explain(name: string): Promise<Explanation | undefined> {
    return explain(this.#host, name, this.#clock.now(), this.#log);
  }

  /** What was started before this host was there shows in what it has taken up. */
  onRecovered(): void {
    const past = pastStart(this.#host.processes());
    if (past !== undefined) this.#timelines = [past, ...this.#timelines].slice(-keptTimelines);
  }

  onRequest({ kind, by, names }: CompanionRequest): void {
    // What rules of the file do to single processes is no start of the environment.
    if (kind === 'stop' || !starters.has(by)) return;
    const down = names.filter((name) => {
      const state = this.#host.process(name)?.state;
      return kind === 'restart' || (state !== 'running' && state !== 'completed');
    });
    if (down.length === 0) return;
    const begun = beginTimeline(this.#clock.now(), by, down);
    this.#timelines = [...this.#timelines, begun].slice(-keptTimelines);
  }

  onStateChange({ name, status }: StateChange): void {
    const { state, run, sinceMs } = status;
    const atMs = sinceMs ?? this.#clock.now();
    const why =
      describeStatus(status, { pending: [], probe: undefined, heldBy: [] }) ??
      describeStart(status);
    this.#log.add(name, { atMs, state: state.name, run, why });
    const process = this.#host.process(name);
    if (process === undefined) {
      this.#log.forget(name);
      return;
    }
    this.#timelines = this.#timelines.map((timeline) =>
      addToTimeline(timeline, name, state.name, atMs, process.kind === 'task'),
    );
  }

  dispose(): void {
    // It holds nothing but what happened, which can still be asked for.
  }
}

/** Explains a process, with the history that is known. */
export async function explain(
  host: ChronicleHost,
  name: string,
  nowMs: number,
  log: TransitionLog = new TransitionLog(),
): Promise<Explanation | undefined> {
  const process = host.process(name);
  if (process === undefined) return undefined;
  const output =
    process.logPath === undefined ? [] : await lastLines(process.logPath, explainedLines);
  return {
    name,
    summary: summarize(process, nowMs),
    because: explainedBy(process, (other) => host.process(other)).map((other) => ({
      name: other.name,
      summary: summarize(other, nowMs),
    })),
    history: log.of(name),
    output: output.map((line) => host.mask(line)),
  };
}
