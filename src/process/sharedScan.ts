/**
 * Lets all who ask at about the same time share one look at the process table, so that stopping a
 * thousand processes does not look a thousand times at thousands. Nobody is given a look that began
 * before the question: what was true earlier proves nothing. Looks do not overlap.
 *
 * `scan` is given the requests of all who share it.
 */
export function shareScan<Request, Result>(
  scan: (requests: readonly Request[]) => Promise<Result>,
): (request: Request) => Promise<Result> {
  let next: { readonly requests: Request[]; readonly result: Promise<Result> } | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return (request) => {
    if (next === undefined) {
      const requests: Request[] = [];
      const result = last.then(anotherTurn).then(() => {
        next = undefined;
        return scan(requests);
      });
      last = result.catch(() => undefined);
      next = { requests, result };
    }
    next.requests.push(request);
    return next.result;
  };
}

/** Whoever is woken in this turn asks before the look begins, which may not give way till its end. */
function anotherTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
