/** The rows to draw: from `first` up to, and without, `end`. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
}

/** A few rows beyond the edge, so that a turn of the wheel shows no gap. */
const beyond = 6;

/** Which of `count` rows of the same height can be seen in a scrolled viewport. */
export function visibleRows(
  scrollTop: number,
  viewportHeight: number,
  rowHeight: number,
  count: number,
): RowWindow {
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight) - beyond;
  const end = Math.ceil((Math.max(0, scrollTop) + viewportHeight) / rowHeight) + beyond;
  const last = Math.min(count, Math.max(0, end));
  return { first: Math.min(Math.max(0, first), last), end: last };
}

/** Where to scroll so that a row is wholly seen; the present place when it is already. */
export function scrollToRow(
  index: number,
  scrollTop: number,
  viewportHeight: number,
  rowHeight: number,
): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  const bottom = top + rowHeight;
  return bottom > scrollTop + viewportHeight ? bottom - viewportHeight : scrollTop;
}
