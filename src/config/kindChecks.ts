import * as l10n from '@vscode/l10n';
import type { DiagnosticCode } from './diagnostics.ts';
import type { FieldReader } from './fieldReader.ts';
import type { ProcessEntry } from './processEntry.ts';
import type { RawProcess } from './processSchema.ts';

type Field = keyof RawProcess;

/** A task has no readiness and no health: it is at work until it is done. */
const NOT_FOR_TASK: readonly Field[] = ['ready', 'health_check', 'startup_timeout'];

/** What remains of an external, which is neither started nor stopped. */
const FOR_EXTERNAL: ReadonlySet<string> = new Set([
  'name',
  'type',
  'find',
  'description',
  'port',
  'url',
  'ready',
  'health_check',
  'autostart',
  'groups',
  'profiles',
  // For a probe by command.
  'workdir',
  'env',
  'env_file',
  'env_command',
  'env_exclude',
]);

/** Can an external have this field? */
export function isForExternal(key: string): boolean {
  return FOR_EXTERNAL.has(key);
}

/** Reports the fields that a process of its type can't have, and those that it lacks. */
export function checkKind(entry: ProcessEntry, reader: FieldReader): void {
  // What a wrong type was meant to be, nobody knows.
  if (!entry.isKindKnown(reader.tree)) return;
  if (entry.kind === 'task') checkTask(entry, reader);
  if (entry.kind === 'external') checkExternal(entry, reader);
  else checkStarted(entry, reader);
}

function refuse(
  code: DiagnosticCode,
  key: string,
  message: string,
  entry: ProcessEntry,
  reader: FieldReader,
): void {
  reader.diagnostics.error(code, message, reader.keyRange([...entry.path, key]));
}

function checkTask(entry: ProcessEntry, reader: FieldReader): void {
  for (const key of NOT_FOR_TASK) {
    if (entry.own(key) === undefined) continue;
    const message = l10n.t('A task completes; "{0}" is for services.', key);
    refuse('not-for-task', key, message, entry, reader);
  }
  const own = entry.own('restart');
  if (own === undefined) return;
  const policy = typeof own.value === 'string' ? own.value : own.value.policy;
  if (policy !== 'always' && policy !== 'unless-stopped') return;
  const path = typeof own.value === 'string' ? own.path : [...own.path, 'policy'];
  const message = l10n.t('A task that is done stays done; use "{0}".', 'on-failure');
  reader.error('not-for-task', path, message, 'on-failure');
}

function checkExternal(entry: ProcessEntry, reader: FieldReader): void {
  for (const key of Object.keys(entry.raw)) {
    if (isForExternal(key)) continue;
    const message = l10n.t(
      'An external process is not started or stopped here, so it has no "{0}".',
      key,
    );
    refuse('not-for-external', key, message, entry, reader);
  }
  if (entry.raw.port !== 'auto') return;
  const message = l10n.t("The port of an external process can't be chosen here; write a number.");
  reader.error('not-for-external', [...entry.path, 'port'], message);
}

function checkStarted(entry: ProcessEntry, reader: FieldReader): void {
  if (entry.own('find') !== undefined) {
    const message = l10n.t('"find" is for processes of "type: external", which are not started here.'); // prettier-ignore
    refuse('not-for-service', 'find', message, entry, reader);
  }
  if (entry.kind === 'service' && entry.own('timeout') !== undefined) {
    const message = l10n.t(
      'A service stays up; "timeout" is for tasks. For readiness there is "startup_timeout".',
    );
    refuse('not-for-service', 'timeout', message, entry, reader);
  }
  // One that is written and wrong has been reported.
  const isWritten = (key: string): boolean =>
    reader.tree.locate([...entry.path, key]) !== undefined;
  if (!isWritten('command') && !isWritten('runner')) {
    const message = l10n.t('"{0}" is missing.', 'command');
    reader.diagnostics.error('missing-key', message, entry.nameRange(reader.tree));
  } else if (isWritten('command') && isWritten('runner')) {
    const message = l10n.t('A process has either a "command" or a "runner".');
    refuse('conflicting-keys', 'runner', message, entry, reader);
  }
}
