import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { isForExternal } from './kindChecks.ts';

/** A replacement of a part of a text: half-open offsets. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Field = Pair<Node, Node | null>;

/**
 * What makes a service of a configuration file an external that is found by its port, in the order
 * of the text: `type: external`, and without what an external can't have. All else stays as it is
 * written, comments too. Undefined where small edits can't do it: the file has faults, the process
 * is not there or is no service with a port of its own, or parts of it are shared with others.
 */
export function externalEdits(text: string, name: string): readonly TextEdit[] | undefined {
  const document = parseDocument(text, { prettyErrors: false });
  const entry = document.errors.length > 0 ? undefined : entryOf(document.get('processes'), name);
  if (entry === undefined || entry.anchor !== undefined) return undefined;
  const fields = entry.items as Field[];
  if (!fields.every(({ key, value }) => isScalar(key) && key.value !== '<<' && !isAlias(value))) {
    return undefined;
  }
  const field = (key: string): Field | undefined => fields.find((each) => keyOf(each) === key);
  const [port, type] = [field('port'), field('type')];
  if (port === undefined || isText(port, 'auto') || (type && !isText(type, 'service')))
    return undefined;
  const edits = removals(text, fields, entry.flow === true);
  const onFailure = fieldsOf(field('health_check')).find((each) => keyOf(each) === 'on_failure');
  if (onFailure !== undefined && canStay(field('health_check'))) {
    edits.push({ start: startOf(onFailure.value), end: endOf(onFailure), text: 'report' });
  }
  if (type !== undefined) {
    edits.push({ start: startOf(type.value), end: endOf(type), text: 'external' });
  } else {
    const at = startOf(port.key);
    const indent = ' '.repeat(at - lineStart(text, at));
    const gap = entry.flow === true ? ', ' : `\n${indent}`;
    edits.push({ start: at, end: at, text: `type: external${gap}` });
  }
  return edits.sort((one, other) => one.start - other.start || one.end - other.end);
}

function entryOf(processes: unknown, name: string): YAMLMap | undefined {
  if (isMap(processes)) {
    const entry = processes.get(name, true);
    return isMap(entry) ? entry : undefined;
  }
  if (!isSeq(processes)) return undefined;
  return processes.items.find((item): item is YAMLMap => isMap(item) && item.get('name') === name);
}

/** Runs of fields that go, as whole lines where they have lines of their own. */
function removals(text: string, fields: readonly Field[], isFlow: boolean): TextEdit[] {
  const edits: TextEdit[] = [];
  for (let from = 0; from < fields.length; from++) {
    if (canStay(fields[from])) continue;
    let to = from;
    while (to + 1 < fields.length && !canStay(fields[to + 1])) to += 1;
    const [first, last, next, before] = [
      fields[from],
      fields[to],
      fields[to + 1],
      fields[from - 1],
    ];
    const start = startOf(first?.key);
    const hasOwnLine = text.slice(lineStart(text, start), start).trim() === '';
    if (!isFlow && hasOwnLine) {
      edits.push(...fields.slice(from, to + 1).map((each) => lines(text, each)));
    } else if (next !== undefined) {
      edits.push({ start, end: startOf(next.key), text: '' });
    } else {
      edits.push({ start: endOf(before), end: endOf(last), text: '' });
    }
    from = to;
  }
  return edits;
}

function lines(text: string, field: Field): TextEdit {
  const lineEnd = text.indexOf('\n', endOf(field));
  const start = lineStart(text, startOf(field.key));
  return { start, end: lineEnd === -1 ? text.length : lineEnd + 1, text: '' };
}

/** What an external can have; a probe that needs a program that is started here goes, too. */
function canStay(field: Field | undefined): boolean {
  if (field === undefined || !isForExternal(keyOf(field))) return false;
  return !fieldsOf(field).some((each) => ['log', 'heartbeat'].includes(keyOf(each)));
}

/** Those of a probe. */
function fieldsOf(field: Field | undefined): readonly Field[] {
  const isProbe = field !== undefined && ['ready', 'health_check'].includes(keyOf(field));
  return isProbe && isMap(field.value) ? (field.value.items as Field[]) : [];
}

function keyOf({ key }: Field): string {
  return isScalar(key) ? String(key.value) : '';
}

function isText({ value }: Field, text: string): boolean {
  return isScalar(value) && value.value === text;
}

function startOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}

/** Where the last of it ends that is no comment or white space. */
function endOf(field: Field | undefined): number {
  return endOfNode(field?.value ?? field?.key);
}

function endOfNode(node: Node | undefined): number {
  if (node === undefined) return 0;
  if (isCollection(node) && node.flow !== true && node.items.length > 0) {
    const last = node.items.at(-1) as Field | Node;
    return 'key' in last ? endOf(last) : endOfNode(last);
  }
  const [, end = 0] = node.range ?? [];
  const isBlock = isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
  // The break after a block is part of it, and ends the line that it is about.
  return isBlock ? end - 1 : end;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}
