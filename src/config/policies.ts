import { DEFAULTS } from './defaults.ts';
import type { FieldReader } from './fieldReader.ts';
import type { CircuitBreaker, ProcessKind, RestartPolicy, StopPolicy } from './model.ts';
import type { RawRestart } from './policySchemas.ts';
import type { RawProcess } from './processSchema.ts';
import type { ValuePath } from './yamlTree.ts';

/** A value as written in a process or, failing that, in `defaults`, with the way to it. */
export interface Written<T> {
  readonly value: T;
  readonly path: ValuePath;
}

/** The value of one key of a map that is written in one or both of two places. */
export function pick<T extends object, K extends keyof T & string>(
  layers: readonly Written<T>[],
  key: K,
): Written<NonNullable<T[K]>> | undefined {
  for (const { value, path } of layers) {
    const found = value[key];
    if (found !== undefined && found !== null) return { value: found, path: [...path, key] };
  }
  return undefined;
}

/**
 * The restart policy, key by key from the process, then from `defaults`. A task that is done stays
 * done: of the defaults' `always` it takes only the restart after a failure.
 */
export function readRestart(
  kind: ProcessKind,
  own: Written<NonNullable<RawProcess['restart']>> | undefined,
  shared: Written<NonNullable<RawProcess['restart']>> | undefined,
  reader: FieldReader,
): RestartPolicy {
  const layers = [own, shared].flatMap((layer) => (layer === undefined ? [] : [expand(layer)]));
  const standard = kind === 'task' ? DEFAULTS.restartOfTask : DEFAULTS.restartOfService;
  const written = pick(layers, 'policy')?.value ?? standard;
  const repeats = written === 'always' || written === 'unless-stopped';
  const retries = pick(layers, 'max_retries')?.value ?? DEFAULTS.maxRetries;
  return {
    policy: kind === 'task' && repeats ? 'on-failure' : written,
    maxRetries: retries === 'unlimited' ? undefined : retries,
    delayMs: reader.duration(pick(layers, 'delay')?.path, DEFAULTS.restartDelay, true),
    backoff: pick(layers, 'backoff')?.value ?? DEFAULTS.backoff,
    maxDelayMs: reader.duration(pick(layers, 'max_delay')?.path, DEFAULTS.maxDelay, true),
    windowMs: reader.duration(pick(layers, 'window')?.path, DEFAULTS.window),
    jitter: pick(layers, 'jitter')?.value ?? DEFAULTS.jitter,
    breaker: readBreaker(layers, reader),
  };
}

/** Key by key, unless the nearest one says that there is none. */
function readBreaker(
  layers: readonly Written<RawRestart>[],
  reader: FieldReader,
): CircuitBreaker | undefined {
  if (pick(layers, 'breaker')?.value === false) return undefined;
  const maps = layers.flatMap(({ value: { breaker }, path }) =>
    typeof breaker === 'object' ? [{ value: breaker, path: [...path, 'breaker'] }] : [],
  );
  const standard = DEFAULTS.breaker;
  return {
    failures: pick(maps, 'failures')?.value ?? standard.failures,
    windowMs: reader.duration(pick(maps, 'window')?.path, standard.window),
    coolDownMs: reader.duration(pick(maps, 'cool_down')?.path, standard.coolDown),
  };
}

/** The word `always` as `{ policy: always }`; its parts have the path of the whole. */
function expand({ value, path }: Written<NonNullable<RawProcess['restart']>>): Written<RawRestart> {
  return { value: typeof value === 'string' ? { policy: value } : value, path };
}

/** How a process is stopped, key by key from the process, then from `defaults`. */
export function readStop(
  own: Written<NonNullable<RawProcess['stop']>> | undefined,
  shared: Written<NonNullable<RawProcess['stop']>> | undefined,
  reader: FieldReader,
): StopPolicy {
  const layers = [own, shared].filter((layer) => layer !== undefined);
  const command = pick(layers, 'command');
  return {
    signal: pick(layers, 'signal')?.value ?? DEFAULTS.stopSignal,
    command: command === undefined ? undefined : reader.command(command.path, command.value),
    timeoutMs: reader.duration(pick(layers, 'timeout')?.path, DEFAULTS.stopTimeout, true),
  };
}
