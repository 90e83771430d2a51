import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { FIND_KINDS, type RawFind } from './externalSchema.ts';
import type { FieldReader } from './fieldReader.ts';
import type { ExternalSource } from './model.ts';
import type { ProcessEntry } from './processEntry.ts';
import type { ValuePath } from './yamlTree.ts';

/** How an external is found: as `find` says, or by its port. Reported if it is neither. */
export function readExternal(
  entry: ProcessEntry,
  port: number | undefined,
  reader: FieldReader,
): ExternalSource | undefined {
  if (entry.kind !== 'external') return undefined;
  const find = entry.own('find');
  if (find !== undefined) return readFind(find.value, find.path, reader);
  if (port !== undefined) return { kind: 'port', port };
  // A `find` that is wrong has been reported.
  if (reader.tree.locate([...entry.path, 'find']) !== undefined) return undefined;
  const message = l10n.t('An external process needs a "port" or "find" to be found by.');
  reader.diagnostics.error('missing-key', message, entry.nameRange(reader.tree));
  return undefined;
}

function readFind(raw: RawFind, path: ValuePath, reader: FieldReader): ExternalSource | undefined {
  const [first, ...others] = FIND_KINDS.filter((kind) => raw[kind] !== undefined);
  if (first === undefined) {
    reportNone(path, reader);
    return undefined;
  }
  for (const other of others) {
    const message = l10n.t('"find" has "{0}" already; it can have only one way.', first);
    reader.diagnostics.error('conflicting-keys', message, reader.keyRange([...path, other]));
  }
  switch (first) {
    case 'port':
      return readPort([...path, 'port'], reader);
    case 'pid_file': {
      const file = reader.text([...path, 'pid_file']);
      return file === undefined
        ? undefined
        : { kind: 'pid-file', path: resolve(reader.folder, file) };
    }
    case 'command': {
      const pattern = reader.pattern([...path, 'command']);
      return pattern === undefined ? undefined : { kind: 'command', pattern };
    }
  }
}

function reportNone(path: ValuePath, reader: FieldReader): void {
  // One that is written and wrong has been reported.
  if (FIND_KINDS.some((kind) => reader.tree.locate([...path, kind]) !== undefined)) return;
  const message = l10n.t('"{0}" needs one of {1}.', 'find', FIND_KINDS.join(', '));
  reader.diagnostics.error('missing-key', message, reader.keyRange(path));
}

function readPort(path: ValuePath, reader: FieldReader): ExternalSource | undefined {
  const text = reader.text(path);
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return { kind: 'port', port };
  reader.error('wrong-type', path, l10n.t('"{0}" must be a port from 1 to 65535.', 'port'));
  return undefined;
}
