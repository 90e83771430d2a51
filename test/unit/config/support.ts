import assert from 'node:assert/strict';
import { type LoadInput, type LoadResult, loadConfig } from '../../../src/config/load.ts';
import type {
  ConfigDiagnostic,
  EnvironmentModel,
  ProcessModel,
} from '../../../src/config/model.ts';

/** A folder that exists, so that the default working directory does. */
export const folder = import.meta.dirname;

export function load(text: string, more: Partial<LoadInput> = {}): Promise<LoadResult> {
  return loadConfig({ text, configPath: `${folder}/dev-env.yaml`, folder, hostEnv: {}, ...more });
}

/** The model of a text that has to be without errors. */
export async function modelOf(
  text: string,
  more: Partial<LoadInput> = {},
): Promise<EnvironmentModel> {
  const { model, diagnostics } = await load(text, more);
  if (model === undefined) throw new Error(describeAll(diagnostics).join('\n'));
  return model;
}

/** `error code: message` and the suggestion, for comparison in tables. */
export function describeOne(diagnostic: ConfigDiagnostic): string {
  const { severity, code, message, suggestion } = diagnostic;
  return `${severity} ${code}: ${message}${suggestion === undefined ? '' : ` [${suggestion}]`}`;
}

export function describeAll(diagnostics: readonly ConfigDiagnostic[]): string[] {
  return diagnostics.map(describeOne);
}

/** A text without its marks, and the offsets they were at, in order of their beginnings. */
export function unmark(marked: string): { text: string; ranges: [number, number][] } {
  let text = '';
  const ranges: [number, number][] = [];
  const open: number[] = [];
  for (const character of marked) {
    if (character === '«') {
      open.push(ranges.push([text.length, text.length]) - 1);
    } else if (character === '»') {
      ranges[open.pop()!]![1] = text.length;
    } else {
      text += character;
    }
  }
  return { text, ranges };
}

/** The text with marks around the places of the diagnostics, to compare with what was expected. */
export function mark(text: string, diagnostics: readonly ConfigDiagnostic[]): string {
  const cuts = diagnostics.flatMap(({ range }) => [
    { at: range.start.offset, sign: '«', order: 1 },
    { at: range.end.offset, sign: '»', order: range.end.offset > range.start.offset ? 0 : 2 },
  ]);
  cuts.sort((a, b) => b.at - a.at || b.order - a.order);
  let marked = text;
  for (const { at, sign } of cuts) marked = marked.slice(0, at) + sign + marked.slice(at);
  return marked;
}

/** Title, the text with the places marked, and what is said of each, in their order. */
export type Case = readonly [title: string, marked: string, ...said: string[]];

/** One test for each: exactly this is said, exactly there, and there is a model if nothing is wrong. */
export function itSays(cases: readonly Case[]): void {
  for (const [title, marked, ...said] of cases) {
    it(title, async () => {
      const { text } = unmark(marked);
      const { diagnostics, model } = await load(text);
      assert.deepEqual(describeAll(diagnostics), said);
      assert.equal(mark(text, diagnostics), marked);
      assert.equal(
        model === undefined,
        said.some((line) => line.startsWith('error')),
      );
    });
  }
}

/** A file with one process `api`, with these fields. */
export function api(...fields: string[]): string {
  return ['processes:', '  api:', ...fields.map((field) => `    ${field}`), ''].join('\n');
}

/** The process `api` of a file that has to be without errors. */
export async function apiOf(...fields: string[]): Promise<ProcessModel> {
  const [process] = (await modelOf(api(...fields))).processes;
  assert.ok(process !== undefined);
  return process;
}

/** Removes the indentation that all lines of a template share, and the first line break. */
export function yaml(strings: TemplateStringsArray, ...values: string[]): string {
  const text = String.raw(strings, ...values).replace(/^\n/, '');
  const indent = Math.min(
    ...text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.search(/\S/)])),
  );
  return text
    .split('\n')
    .map((line) => line.slice(indent))
    .join('\n');
}
