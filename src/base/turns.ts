/**
 * Hands out turns of the event loop, one a call, in order: work that blocks for a millisecond each
 * is spread, so that other work comes in between.
 */
export function createTurns(): () => Promise<void> {
  let last = Promise.resolve();
  return () => {
    last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
    return last;
  };
}
