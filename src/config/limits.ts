import { DEFAULTS } from './defaults.ts';
import type { FieldReader } from './fieldReader.ts';
import type { RawLimits, RawLogging } from './limitSchemas.ts';
import type { Limits, Logging } from './model.ts';
import { pick, type Written } from './policies.ts';

/** The limits, key by key from the process, then from `defaults`; undefined if there are none. */
export function readLimits(
  own: Written<RawLimits> | undefined,
  shared: Written<RawLimits> | undefined,
  reader: FieldReader,
): Limits | undefined {
  const layers = [own, shared].filter((layer) => layer !== undefined);
  const memory = pick(layers, 'memory');
  const cpu = pick(layers, 'cpu');
  const limits = {
    memoryBytes: memory && reader.size(memory.path),
    cpuPercent: cpu && reader.percent(cpu.path),
    openFiles: pick(layers, 'open_files')?.value,
    processes: pick(layers, 'processes')?.value,
    ioWeight: pick(layers, 'io_weight')?.value,
  };
  if (Object.values(limits).every((limit) => limit === undefined)) return undefined;
  return { ...limits, onLimit: pick(layers, 'on_limit')?.value ?? DEFAULTS.onLimit };
}

/** How the log is kept, key by key from the process, then from `defaults`. */
export function readLogging(
  own: Written<RawLogging> | undefined,
  shared: Written<RawLogging> | undefined,
  standard: Logging,
  reader: FieldReader,
): Logging {
  const layers = [own, shared].filter((layer) => layer !== undefined);
  const maxSize = pick(layers, 'max_size');
  return {
    maxSizeBytes: (maxSize && reader.size(maxSize.path)) ?? standard.maxSizeBytes,
    maxFiles: pick(layers, 'max_files')?.value ?? standard.maxFiles,
    format: pick(layers, 'format')?.value ?? standard.format,
  };
}
