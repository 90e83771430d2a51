import * as l10n from '@vscode/l10n';
import { DEFAULTS } from './defaults.ts';
import { parseDuration } from './duration.ts';
import type { FieldReader } from './fieldReader.ts';
import { readHttp } from './httpProbe.ts';
import type { HealthCheck, Probe, ProcessKind, ReadinessProbe } from './model.ts';
import {
  HTTP_OPTIONS,
  PROBE_KINDS,
  type ProbeKind,
  type RawHealth,
  type RawProbe,
} from './probeSchemas.ts';
import { readGrpc, readTcp } from './socketProbes.ts';
import type { ValuePath } from './yamlTree.ts';

/** What a probe has to know of its process. */
export interface ProbedProcess {
  readonly kind: ProcessKind;
  readonly port: number | undefined;
}

/** Without `ready`: the port accepts connections, or the program was started. */
export function defaultReadiness(port: number | undefined): ReadinessProbe {
  if (port === undefined) return { kind: 'alive' };
  return { kind: 'tcp', host: 'localhost', port, timeoutMs: probeTimeoutMs };
}

const probeTimeoutMs = parseDuration(DEFAULTS.probeTimeout) ?? 0;

/** The probe of a `ready`; `alive` if there is something wrong with it (reported). */
export function readReadiness(
  raw: RawProbe,
  path: ValuePath,
  process: ProbedProcess,
  reader: FieldReader,
): ReadinessProbe {
  return readProbe(raw, path, process, reader) ?? { kind: 'alive' };
}

/** A `health_check`; undefined if there is something wrong with its probe (reported). */
export function readHealth(
  raw: RawHealth,
  path: ValuePath,
  process: ProbedProcess,
  reader: FieldReader,
): HealthCheck | undefined {
  const probe = readProbe(raw, path, process, reader);
  const intervalMs = reader.duration([...path, 'interval'], DEFAULTS.healthInterval);
  const isExternal = process.kind === 'external';
  const onFailure = raw.on_failure ?? (isExternal ? 'report' : DEFAULTS.onHealthFailure);
  if (isExternal && onFailure !== 'report') {
    const message = l10n.t('An external process is not restarted or stopped; use "{0}".', 'report');
    reader.error('not-for-external', [...path, 'on_failure'], message, 'report');
  }
  if (probe === undefined) return undefined;
  return {
    probe,
    intervalMs,
    failureThreshold: raw.failure_threshold ?? DEFAULTS.failureThreshold,
    successThreshold: raw.success_threshold ?? DEFAULTS.successThreshold,
    onFailure,
  };
}

function readProbe(
  raw: RawProbe,
  path: ValuePath,
  process: ProbedProcess,
  reader: FieldReader,
): Probe | undefined {
  const kind = probeKind(raw, path, process, reader);
  if (kind === undefined) return undefined;
  const timeoutMs = reader.duration([...path, 'timeout'], DEFAULTS.probeTimeout);
  switch (kind) {
    case 'http':
      return readHttp(raw, path, process.port, reader, timeoutMs);
    case 'tcp':
      return readTcp([...path, 'tcp'], reader, timeoutMs);
    case 'grpc':
      return readGrpc(raw.grpc ?? '', [...path, 'grpc'], process.port, reader, timeoutMs);
    case 'command': {
      const command = reader.command([...path, 'command'], raw.command ?? '');
      return command === undefined ? undefined : { kind: 'command', command, timeoutMs };
    }
    case 'log': {
      const pattern = reader.pattern([...path, 'log']);
      return pattern === undefined ? undefined : { kind: 'log', pattern };
    }
    case 'heartbeat':
      return { kind: 'heartbeat' };
  }
}

/** The one way to ask that is written; undefined, and reported, if it is not exactly one. */
function probeKind(
  raw: RawProbe,
  path: ValuePath,
  process: ProbedProcess,
  reader: FieldReader,
): ProbeKind | undefined {
  const label = String(path.at(-1));
  const conflict = (key: string, message: string): void => {
    reader.diagnostics.error('conflicting-keys', message, reader.keyRange([...path, key]));
  };
  const [first, ...others] = PROBE_KINDS.filter((kind) => raw[kind] !== undefined);
  if (first === undefined) {
    // One that is written and wrong has been reported.
    if (PROBE_KINDS.some((kind) => reader.tree.locate([...path, kind]) !== undefined)) {
      return undefined;
    }
    const message = l10n.t('"{0}" needs one of {1}.', label, PROBE_KINDS.join(', '));
    reader.diagnostics.error('missing-key', message, reader.keyRange(path));
    return undefined;
  }
  for (const other of others) {
    conflict(other, l10n.t('"{0}" has "{1}" already; it can have only one probe.', label, first));
  }
  for (const option of HTTP_OPTIONS) {
    if (raw[option] === undefined || raw.http !== undefined) continue;
    conflict(option, l10n.t('"{0}" goes with "http" only.', option));
  }
  const isOfOutput = first === 'log' || first === 'heartbeat';
  if (isOfOutput && raw.timeout !== undefined) {
    const bound = label === 'ready' ? 'startup_timeout' : 'interval';
    conflict('timeout', l10n.t('A "{0}" probe has no "timeout"; "{1}" bounds it.', first, bound));
  }
  if (isOfOutput && process.kind === 'external') {
    const message = l10n.t(
      'A "{0}" probe needs a process that is started here; ask an external by http, tcp, grpc or command.',
      first,
    );
    reader.diagnostics.error('not-for-external', message, reader.keyRange([...path, first]));
  }
  return others.length === 0 ? first : undefined;
}
