import type { Clock } from '../base/clock.ts';
import { type Disposable, toDisposable } from '../base/disposable.ts';
import type { ProcessIdentity } from './identity.ts';
import { forEachPid, readLinuxProcess } from './linuxProcessTable.ts';
import type { ProcessInfo } from './processInfo.ts';
import { listProcessTree } from './processTable.ts';

/** A look costs some ten microseconds a process on Linux, and a program elsewhere. */
const minPauseMs = process.platform === 'linux' ? 200 : 2_000;
const maxPauseMs = 2_000;
/** The pause after a look is this many times as long as the look took: one percent of a core. */
const pausePerCost = 100;

interface Watched {
  readonly identity: ProcessIdentity;
  readonly onGone: () => void;
}

/** Looks at all processes whose end nobody reports to us, with one timer for them all. */
class ExitWatch {
  readonly #clock: Clock;
  readonly #watched = new Set<Watched>();
  #timer: Disposable | undefined;
  #isLooking = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(watched: Watched): Disposable {
    this.#watched.add(watched);
    // Those that are added together are looked at together, and at once.
    if (this.#watched.size === 1) this.#lookIn(0);
    return toDisposable(() => {
      this.#watched.delete(watched);
      if (this.#watched.size === 0) this.#timer?.dispose();
    });
  }

  #lookIn(delayMs: number): void {
    if (this.#isLooking) return;
    this.#timer?.dispose();
    this.#timer = this.#clock.schedule(delayMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    const startMs = performance.now();
    for (const watched of await findGone([...this.#watched])) {
      if (this.#watched.delete(watched)) watched.onGone();
    }
    const costMs = performance.now() - startMs;
    this.#isLooking = false;
    if (this.#watched.size === 0) return;
    this.#lookIn(Math.min(Math.max(costMs * pausePerCost, minPauseMs), maxPauseMs));
  }
}

/** Those that are no longer there; a zombie counts as gone, and what cannot be identified too. */
async function findGone(watched: readonly Watched[]): Promise<Watched[]> {
  const present = new Map<number, ProcessInfo>();
  if (process.platform === 'linux') {
    const pids = watched.map(({ identity }) => identity.pid);
    await forEachPid(pids, (pid) => {
      const info = readLinuxProcess(pid);
      if (info !== undefined) present.set(pid, info);
    });
  } else {
    // Not knowing is not news of anybody's end.
    const table = await listProcessTree().catch(() => undefined);
    if (table === undefined) return [];
    for (const info of table) present.set(info.pid, info);
  }
  return watched.filter(({ identity: { pid, startTime } }) => {
    const info = present.get(pid);
    return (
      startTime === undefined || info === undefined || info.isZombie || info.startTime !== startTime
    );
  });
}

const watches = new WeakMap<Clock, ExitWatch>();

/**
 * Calls `onGone` once, when the process that was identified is no longer there; not before this has
 * returned. For processes that are not our children: they are looked at every 200 ms, less often
 * when there are very many, every 2 s where a look takes a program.
 */
export function watchForExit(
  identity: ProcessIdentity,
  clock: Clock,
  onGone: () => void,
): Disposable {
  let watch = watches.get(clock);
  if (watch === undefined) {
    watch = new ExitWatch(clock);
    watches.set(clock, watch);
  }
  return watch.add({ identity, onGone });
}
