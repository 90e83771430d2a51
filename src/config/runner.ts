import * as l10n from '@vscode/l10n';
import type { FieldReader } from './fieldReader.ts';
import type { RunnerSpec } from './model.ts';
import type { RawRunner } from './runnerSchemas.ts';
import type { ValuePath } from './yamlTree.ts';

const PYTHON_TARGETS = ['script', 'module', 'function'] as const;

/** The runner at `path`; undefined if it is not exactly one (reported). */
export function readRunner(
  raw: RawRunner,
  path: ValuePath,
  reader: FieldReader,
): RunnerSpec | undefined {
  const [name, ...others] = Object.keys(raw);
  if (name === undefined) {
    if ([...reader.tree.entriesAt(path)].length > 0) return undefined;
    const message = l10n.t('"{0}" needs one of {1}.', 'runner', 'node, python');
    reader.diagnostics.error('missing-key', message, reader.keyRange(path));
    return undefined;
  }
  for (const other of others) {
    const message = l10n.t('A process has one runner, and this one has "{0}" already.', name);
    reader.diagnostics.error('conflicting-keys', message, reader.keyRange([...path, other]));
  }
  const at = [...path, name];
  const written = readData(raw[name], at, reader);
  if (written === undefined) return undefined;
  const isShort = (name === 'node' || name === 'python') && typeof written === 'string';
  const options = isShort ? { script: written } : (written ?? {});
  if (typeof options !== 'object' || Array.isArray(options)) {
    const message = l10n.t('"{0}" must be a map with its options.', name);
    reader.error('wrong-type', at, message);
    return undefined;
  }
  const runner = { name, options: options as Record<string, unknown> };
  if (name === 'node' && runner.options['script'] === undefined) {
    reportMissing(['script'], at, reader);
  }
  if (name === 'python') checkPython(runner.options, at, reader);
  return runner;
}

function checkPython(
  options: Readonly<Record<string, unknown>>,
  path: ValuePath,
  reader: FieldReader,
): void {
  const [first, ...others] = PYTHON_TARGETS.filter((key) => options[key] !== undefined);
  if (first === undefined) reportMissing(PYTHON_TARGETS, path, reader);
  for (const other of others) {
    const message = l10n.t('"{0}" has "{1}" already; it runs only one thing.', 'python', first ?? ''); // prettier-ignore
    reader.diagnostics.error('conflicting-keys', message, reader.keyRange([...path, other]));
  }
  const callable = options['function'];
  if (typeof callable !== 'string' || /^[\p{L}_][\w.]*:[\p{L}_][\w.]*$/u.test(callable)) return;
  const message = l10n.t('"{0}" must be "package.module:callable".', 'function');
  reader.error('wrong-type', [...path, 'function'], message);
}

function reportMissing(keys: readonly string[], path: ValuePath, reader: FieldReader): void {
  // One that is written and wrong has been reported.
  if (keys.some((key) => reader.tree.locate([...path, key]) !== undefined)) return;
  const message =
    keys.length === 1
      ? l10n.t('"{0}" is missing.', keys.join())
      : l10n.t('"{0}" needs one of {1}.', String(path.at(-1)), keys.join(', '));
  reader.diagnostics.error('missing-key', message, reader.keyRange(path));
}

/** What is written, as plain data, with variables filled in; arguments are texts, however written. */
function readData(value: unknown, path: ValuePath, reader: FieldReader): unknown {
  if (typeof value === 'string') return reader.text(path);
  if (Array.isArray(value)) {
    const isArgs = path.at(-1) === 'args';
    return value.map((item, at) =>
      isArgs && typeof item !== 'object'
        ? reader.text([...path, at])
        : readData(item, [...path, at], reader),
    );
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, readData(part, [...path, key], reader)]),
  );
}
