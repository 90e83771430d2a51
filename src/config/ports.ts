import * as l10n from '@vscode/l10n';
import { errorMessage } from '../base/errors.ts';
import type { FieldReader } from './fieldReader.ts';
import type { ProcessEntry } from './processEntry.ts';
import { expectationWords } from './schemaWords.ts';

/** Gives the process of that name a port of its own; the same one each time it is asked. */
export type AssignPort = (name: string) => Promise<number>;

/**
 * Stands in for a port that is written but can't be told (reported), so that `${port}` is not
 * reported as well.
 */
const UNKNOWN_PORT = 0;

/** The port of every process; reports those that can't be told and two processes on one. */
export async function readPorts(
  entries: readonly ProcessEntry[],
  reader: FieldReader,
  assignPort: AssignPort | undefined,
): Promise<ReadonlyMap<string, number | undefined>> {
  const ports = new Map<string, number | undefined>();
  const owners = new Map<number, string>();
  for (const entry of entries) {
    // One after the other, so that whoever assigns ports need not expect two requests at once.
    const port = await readPort(entry, reader, assignPort);
    ports.set(entry.name, port);
    if (port === undefined || port === UNKNOWN_PORT) continue;
    const owner = owners.get(port);
    if (owner === undefined) {
      owners.set(port, entry.name);
    } else {
      const message = l10n.t('"{0}" and "{1}" both use port {2}.', owner, entry.name, port);
      reader.error('port-conflict', [...entry.path, 'port'], message);
    }
  }
  return ports;
}

async function readPort(
  entry: ProcessEntry,
  reader: FieldReader,
  assignPort: AssignPort | undefined,
): Promise<number | undefined> {
  const own = entry.own('port');
  if (own === undefined) {
    const isWritten = reader.tree.locate([...entry.path, 'port']) !== undefined;
    return isWritten ? UNKNOWN_PORT : undefined;
  }
  const { value, path } = own;
  if (value === 'auto') return assign(entry, reader, assignPort);
  const text = reader.text(path);
  if (text === undefined) return UNKNOWN_PORT;
  if (text === 'auto') return assign(entry, reader, assignPort);
  const port = /^\d{1,5}$/.test(text) || typeof value === 'number' ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  const message = l10n.t('"{0}" must be {1}.', 'port', expectationWords('port', []));
  reader.error('wrong-type', path, `${message} ${l10n.t('It is "{0}".', text)}`);
  return UNKNOWN_PORT;
}

async function assign(
  entry: ProcessEntry,
  reader: FieldReader,
  assignPort: AssignPort | undefined,
): Promise<number> {
  const path = [...entry.path, 'port'];
  if (assignPort === undefined) {
    reader.error('port-unassigned', path, l10n.t('No port can be assigned here; write a number.'));
    return UNKNOWN_PORT;
  }
  try {
    return await assignPort(entry.name);
  } catch (error) {
    const message = l10n.t('No port could be assigned: {0}.', errorMessage(error));
    reader.error('port-unassigned', path, message);
    return UNKNOWN_PORT;
  }
}
