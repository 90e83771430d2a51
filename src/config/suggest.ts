/** What may still be spent on suggestions, in steps (two letters compared); counted down. */
export interface SuggestionBudget {
  steps: number;
}

/** Names that are longer are not compared: nothing that we know is, and the work is quadratic. */
const maxLength = 100;

/**
 * The candidate that was probably meant by `word`, or undefined when none is close: at most one
 * slip in three letters, by the optimal string alignment distance (Levenshtein's, with two
 * neighbours swapped counting as one slip). Case does not count. Of equals the first wins. None
 * either once the budget is spent.
 */
export function closest(
  word: string,
  candidates: Iterable<string>,
  budget?: SuggestionBudget,
): string | undefined {
  if (word.length > maxLength) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    // Lengths that differ by more can't be nearer.
    if (Math.abs(candidate.length - wanted.length) >= bestDistance) continue;
    if (budget !== undefined) {
      budget.steps -= wanted.length * candidate.length;
      if (budget.steps < 0) return undefined;
    }
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, (beforePrevious[column - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous[b.length] ?? 0;
}
