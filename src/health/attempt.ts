/** The bounds of one try: aborted by the caller's signal or after `timeoutMs`, then said why. */
export interface Attempt {
  readonly signal: AbortSignal;
  readonly hasTimedOut: boolean;
  /** Milliseconds since the try began, rounded. */
  elapsedMs(): number;
}

/**
 * Runs one try within its time. By hand and not with AbortSignal.any and .timeout: a probe tries
 * all day long, and those keep what they made tied to the long-lived signal.
 */
export async function withinTime<T>(
  outer: AbortSignal,
  timeoutMs: number,
  work: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const startedAt = performance.now();
  let hasTimedOut = false;
  const abort = (): void => controller.abort();
  const timer = setTimeout(() => {
    hasTimedOut = true;
    abort();
  }, timeoutMs);
  if (outer.aborted) abort();
  outer.addEventListener('abort', abort, { once: true });
  try {
    return await work({
      signal: controller.signal,
      get hasTimedOut() {
        return hasTimedOut;
      },
      elapsedMs: () => Math.round(performance.now() - startedAt),
    });
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', abort);
  }
}
