import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { DEFAULTS } from './defaults.ts';
import type { EnvFiles } from './envFile.ts';
import { fromMap, layered, type Lookup, readEnv } from './envLayers.ts';
import type { FieldReader } from './fieldReader.ts';
import type { Dependency, ProcessModel, ReadinessProbe } from './model.ts';
import { plainProcess } from './plainProcess.ts';
import { readRestart, readStop } from './policies.ts';
import type { ProcessEntry } from './processEntry.ts';
import { defaultReadiness, isHttpUrl, readReadiness } from './readiness.ts';

/** What all processes of a file have in common. */
export interface SharedContext {
  readonly folder: string;
  /** What the top of the file and its env files add to the environment. */
  readonly env: ReadonlyMap<string, string>;
  /** The same as a record. */
  readonly envRecord: Readonly<Record<string, string>>;
  readonly host: Lookup;
  readonly ports: ReadonlyMap<string, number | undefined>;
  readonly dependencies: ReadonlyMap<string, readonly Dependency[]>;
  readonly envFiles: EnvFiles;
  readonly autostart: boolean;
  /** A reader of this file that finds variables by `env`, `${port}` being that of `process`. */
  readerFor(env: Lookup, process: string | undefined): FieldReader;
}

/** One process with everything filled in. What is wrong is reported, and then left out. */
export async function readProcess(
  entry: ProcessEntry,
  context: SharedContext,
): Promise<ProcessModel> {
  const port = context.ports.get(entry.name);
  const ownPort: Lookup = (name) => (name === 'PORT' && port !== undefined ? `${port}` : undefined);
  const below = layered(fromMap(context.env), ownPort, context.host);
  const reader = context.readerFor(below, entry.name);
  const env = await readOwnEnv(entry, context, below, reader);
  const full = context.readerFor(layered(fromMap(env), below), entry.name);
  checkTaskFields(entry, full);
  const command = full.command([...entry.path, 'command'], entry.raw.command);
  return plainProcess({
    name: entry.name,
    kind: entry.kind,
    description: entry.raw.description,
    // Undefined only with an error, and then the model is not used.
    command: command ?? '',
    workdir: await readWorkdir(entry, context.folder, full),
    // Shared where it can be: a thousand processes with thousands of variables are millions.
    env: env.size === 0 ? context.envRecord : { ...context.envRecord, ...Object.fromEntries(env) },
    port,
    url: readUrl(entry, full),
    autostart: entry.raw.autostart ?? entry.defaults.autostart ?? context.autostart,
    dependsOn: context.dependencies.get(entry.name) ?? [],
    ready: readReady(entry, port, full),
    startupTimeoutMs: full.duration(
      (entry.own('startup_timeout') ?? entry.shared('startup_timeout'))?.path,
      DEFAULTS.startupTimeout,
    ),
    restart: readRestart(entry.kind, entry.own('restart'), entry.shared('restart'), full),
    stop: readStop(entry.own('stop'), entry.shared('stop'), full),
  });
}

async function readOwnEnv(
  entry: ProcessEntry,
  context: SharedContext,
  below: Lookup,
  reader: FieldReader,
): Promise<ReadonlyMap<string, string>> {
  const fromFiles = await context.envFiles.read(
    entry.raw.env_file,
    [...entry.path, 'env_file'],
    reader,
  );
  const own = readEnv(entry.raw.env, [...entry.path, 'env'], (above) =>
    context.readerFor(layered(above, fromMap(fromFiles), below), entry.name),
  );
  return new Map([...fromFiles, ...own]);
}

/** A task has no readiness, and is not repeated once it is done. */
function checkTaskFields(entry: ProcessEntry, reader: FieldReader): void {
  if (entry.kind !== 'task') return;
  for (const key of ['ready', 'startup_timeout'] as const) {
    const own = entry.own(key);
    if (own === undefined) continue;
    const message = l10n.t('A task completes; "{0}" is for services.', key);
    reader.diagnostics.error('not-for-task', message, reader.keyRange(own.path));
  }
  const own = entry.own('restart');
  if (own === undefined) return;
  const policy = typeof own.value === 'string' ? own.value : own.value.policy;
  if (policy !== 'always' && policy !== 'unless-stopped') return;
  const path = typeof own.value === 'string' ? own.path : [...own.path, 'policy'];
  const message = l10n.t('A task that is done stays done; use "{0}".', 'on-failure');
  reader.error('not-for-task', path, message, 'on-failure');
}

/** A warning only: something that runs before may make the directory, and the start will tell. */
async function readWorkdir(
  entry: ProcessEntry,
  folder: string,
  reader: FieldReader,
): Promise<string> {
  const path = (entry.own('workdir') ?? entry.shared('workdir'))?.path;
  const written = path === undefined ? undefined : reader.text(path);
  if (path === undefined || written === undefined) return folder;
  const workdir = resolve(folder, written);
  const found = await stat(workdir).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    const message =
      found === undefined
        ? l10n.t('There is no directory "{0}".', workdir)
        : l10n.t('"{0}" is not a directory.', workdir);
    reader.diagnostics.warning('workdir-missing', message, reader.valueRange(path));
  }
  return workdir;
}

function readUrl(entry: ProcessEntry, reader: FieldReader): string | undefined {
  const path = entry.own('url')?.path;
  const text = path === undefined ? undefined : reader.text(path);
  if (path === undefined || text === undefined) return undefined;
  if (isHttpUrl(text)) return text;
  reader.error('wrong-type', path, l10n.t('"{0}" must be an http or https URL.', 'url'));
  return undefined;
}

function readReady(
  entry: ProcessEntry,
  port: number | undefined,
  reader: FieldReader,
): ReadinessProbe {
  if (entry.kind === 'task') return { kind: 'alive' };
  const own = entry.own('ready');
  if (own === undefined) return defaultReadiness(port);
  return readReadiness(own.value, own.path, port, reader);
}
