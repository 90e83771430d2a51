import { DEFAULTS } from './defaults.ts';
import type { FieldReader } from './fieldReader.ts';
import type { EnvCommand } from './model.ts';
import type { RawEnvCommand } from './schema.ts';
import type { ValuePath } from './yamlTree.ts';

/** The programs of an `env_command`, in order. A list is one of programs, and no arguments. */
export function readEnvCommands(
  raw: RawEnvCommand | undefined,
  path: ValuePath,
  reader: FieldReader,
): readonly EnvCommand[] {
  if (raw === undefined) return [];
  if (Array.isArray(raw)) {
    return raw.flatMap((entry, at) => readEnvCommands(entry, [...path, at], reader));
  }
  const isMap = typeof raw === 'object';
  const command = isMap
    ? reader.command([...path, 'command'], raw.command)
    : reader.command(path, raw);
  const timeoutMs = reader.duration([...path, 'timeout'], DEFAULTS.envCommandTimeout);
  return command === undefined ? [] : [{ command, timeoutMs }];
}
