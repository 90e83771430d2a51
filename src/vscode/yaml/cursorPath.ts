/** Where in a YAML file a cursor stands, found by indentation: also in a file half written. */
export interface CursorPlace {
  /** The value being written: of a key, of a list item, or the map that a new key goes into. */
  readonly path: readonly (string | number)[];
  /** A key can be written here. */
  readonly canBeKey: boolean;
  /** A plain value can be written here. */
  readonly canBeValue: boolean;
  /** Keys that the map at `path` has already, when a key can be written. */
  readonly siblings: ReadonlySet<string>;
}

/** A dash or a key, and where it begins. */
interface Mark {
  readonly column: number;
  /** Undefined for the dash of a list item. */
  readonly key: string | undefined;
}

const keyPattern = /^(?:"([^"]*)"|'([^']*)'|([^\s#'"[\]{},][^#'"[\]{},]*?))\s*:(?=\s|$)/;

/** Pure. `line` and `column` are zero-based; text behind the cursor on its line does not count. */
export function cursorPlace(lines: readonly string[], line: number, column: number): CursorPlace {
  const before = (lines[line] ?? '').slice(0, column);
  const { marks, rest, restColumn } = readMarks(before);
  const path = pathAbove(
    lines,
    line,
    marks[0]?.column ?? restColumn,
    marks[0]?.key === undefined && marks.length > 0,
  );
  path.push(...marks.map(({ key }) => key ?? 0));
  const last = marks.at(-1);
  const flow = readFlow(rest);
  if (flow !== undefined) return { ...flow, path: [...path, ...flow.path] };
  const isAfterKey = last?.key !== undefined;
  const isMapKey = !isAfterKey;
  return {
    path,
    canBeKey: isMapKey,
    canBeValue: last !== undefined,
    siblings: isMapKey ? siblingKeys(lines, line, restColumn) : new Set(),
  };
}

/** The dashes and the key that a line begins with, and what follows them. */
function readMarks(text: string): { marks: Mark[]; rest: string; restColumn: number } {
  const marks: Mark[] = [];
  let column = text.length - text.trimStart().length;
  for (;;) {
    const dash = /^-(\s+|$)/.exec(text.slice(column));
    if (dash === null) break;
    marks.push({ column, key: undefined });
    column += dash[0].length;
  }
  const key = keyPattern.exec(text.slice(column));
  if (key !== null) {
    marks.push({ column, key: key[1] ?? key[2] ?? key[3] ?? '' });
    column += key[0].length;
    column += text.slice(column).length - text.slice(column).trimStart().length;
  }
  return { marks, rest: text.slice(column), restColumn: column };
}

/** The way to what begins at `column`, by the lines above: each parent stands further left. */
function pathAbove(
  lines: readonly string[],
  line: number,
  column: number,
  isDash: boolean,
): (string | number)[] {
  const path: (string | number)[] = [];
  let limit = column;
  let isItem = isDash;
  for (let at = line - 1; at >= 0 && (limit > 0 || isItem); at--) {
    const text = lines[at] ?? '';
    if (/^\s*(?:#|$)/.test(text)) continue;
    for (const mark of readMarks(text).marks.reverse()) {
      // A list may stand straight under its key.
      const isParent =
        mark.column < limit || (isItem && mark.key !== undefined && mark.column === limit);
      if (!isParent) continue;
      path.unshift(mark.key ?? 0);
      limit = mark.column;
      isItem = mark.key === undefined;
    }
  }
  return path;
}

/** The keys above and below that stand at the same column in the same map. */
function siblingKeys(lines: readonly string[], line: number, column: number): Set<string> {
  const keys = new Set<string>();
  for (const step of [-1, 1]) {
    for (let at = line + step; at >= 0 && at < lines.length; at += step) {
      const text = lines[at] ?? '';
      if (/^\s*(?:#|$)/.test(text)) continue;
      const { marks } = readMarks(text);
      const own = marks.find((mark) => mark.column === column && mark.key !== undefined);
      if (own?.key !== undefined) keys.add(own.key);
      const first = marks[0]?.column ?? text.length - text.trimStart().length;
      // Further left, another map or list item begins; below, its own line is already part of it.
      if (first < column) break;
    }
  }
  return keys;
}

/** Inside `{ … }` and `[ … ]` on one line: which brackets are open before the cursor. */
function readFlow(text: string): CursorPlace | undefined {
  if (!/^[[{]/.test(text)) return undefined;
  const path: (string | number)[] = [];
  const open: { isMap: boolean; key: string | undefined; siblings: Set<string> }[] = [];
  let word = '';
  for (const char of text) {
    const top = open.at(-1);
    if (char === '{' || char === '[') {
      if (top !== undefined) path.push(top.isMap ? (top.key ?? '') : 0);
      open.push({ isMap: char === '{', key: undefined, siblings: new Set() });
      word = '';
    } else if (char === '}' || char === ']') {
      open.pop();
      path.pop();
      word = '';
    } else if (top !== undefined && char === ',') {
      top.key = undefined;
      word = '';
    } else if (top?.isMap === true && char === ':' && top.key === undefined) {
      top.key = word.trim();
      top.siblings.add(top.key);
      word = '';
    } else word += char;
  }
  const top = open.at(-1);
  if (top === undefined) return undefined;
  if (!top.isMap) {
    return { path: [...path, 0], canBeKey: false, canBeValue: true, siblings: new Set() };
  }
  return top.key === undefined
    ? { path, canBeKey: true, canBeValue: false, siblings: top.siblings }
    : { path: [...path, top.key], canBeKey: false, canBeValue: true, siblings: new Set() };
}
