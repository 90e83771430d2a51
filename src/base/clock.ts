import { type Disposable, toDisposable } from './disposable.ts';

/** Time as core code sees it, so that tests can turn it by hand. All times are milliseconds. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `action` once after `delayMs`, unless disposed before. */
  schedule(delayMs: number, action: () => void): Disposable;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return toDisposable(() => {
      clearTimeout(timer);
    });
  },
};

/** Resolves after `delayMs`, or as soon as `signal` aborts; never rejects: look at the signal. */
export function delay(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      timer.dispose();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.schedule(delayMs, end);
    signal?.addEventListener('abort', end, { once: true });
  });
}
