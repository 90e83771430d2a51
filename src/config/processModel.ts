import type { Stats } from 'node:fs';
import { resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { DEFAULTS } from './defaults.ts';
import type { EnvFiles } from './envFile.ts';
import type { Lookup } from './envLayers.ts';
import { readExternal } from './external.ts';
import type { FieldReader } from './fieldReader.ts';
import { isHttpUrl } from './httpProbe.ts';
import { checkKind } from './kindChecks.ts';
import { readLimits, readLogging } from './limits.ts';
import type { Dependency, HealthCheck, ProcessModel, ReadinessProbe } from './model.ts';
import { plainLogging, plainProcess } from './plainProcess.ts';
import { readRestart, readStop } from './policies.ts';
import { defaultReadiness, readHealth, readReadiness } from './probes.ts';
import { readProcessEnv, type SharedEnv } from './processEnv.ts';
import type { ProcessEntry } from './processEntry.ts';
import { readRunner } from './runner.ts';
import { readSchedule } from './schedule.ts';
import { readWatch } from './watch.ts';

/** What all processes of a file have in common. */
export interface SharedContext {
  readonly folder: string;
  readonly env: SharedEnv;
  readonly ports: ReadonlyMap<string, number | undefined>;
  readonly dependencies: ReadonlyMap<string, readonly Dependency[]>;
  readonly envFiles: EnvFiles;
  readonly autostart: boolean;
  /** What is at a path, asked once; undefined if there is nothing. */
  statOf(path: string): Promise<Stats | undefined>;
  /** A reader of this file that finds variables by `env`, `${port}` being that of `process`. */
  readerFor(env: Lookup, process: string | undefined): FieldReader;
}

/** One process with everything filled in. What is wrong is reported, and then left out. */
export async function readProcess(
  entry: ProcessEntry,
  context: SharedContext,
): Promise<ProcessModel> {
  const port = context.ports.get(entry.name);
  const readerFor = (env: Lookup): FieldReader => context.readerFor(env, entry.name);
  const env = await readProcessEnv(entry, port, context.env, context.envFiles, readerFor);
  const full = readerFor(env.lookup);
  checkKind(entry, full);
  const workdir = await readWorkdir(entry, context, full);
  const { raw, kind } = entry;
  const schedule = entry.own('schedule');
  return plainProcess({
    name: entry.name,
    kind,
    ...readProgram(entry, full),
    external: readExternal(entry, port, full),
    workdir,
    ...env.fields,
    port,
    ...readLooks(entry, full),
    autostart: raw.autostart ?? entry.defaults.autostart ?? context.autostart,
    dependsOn: context.dependencies.get(entry.name) ?? [],
    ready: readReady(entry, port, full),
    healthCheck: readHealthCheck(entry, port, full),
    startupTimeoutMs: full.duration(
      (entry.own('startup_timeout') ?? entry.shared('startup_timeout'))?.path,
      DEFAULTS.startupTimeout,
    ),
    ...readEnds(entry, full),
    schedule: schedule && (await readSchedule(schedule.value, schedule.path, full)),
    watch: raw.watch && readWatch(raw.watch, [...entry.path, 'watch'], workdir, full),
    limits:
      kind === 'external'
        ? undefined
        : readLimits(entry.own('limits'), entry.shared('limits'), full),
    logging: readLogging(entry.own('logging'), entry.shared('logging'), plainLogging, full),
  });
}

/** What is started. Without a command line of its own there is a runner, or an error and no model. */
function readProgram(
  entry: ProcessEntry,
  reader: FieldReader,
): Pick<ProcessModel, 'command' | 'runner' | 'tty' | 'interactive'> {
  const { command, runner } = entry.raw;
  const isStarted = entry.kind !== 'external';
  const interactive = entry.raw.interactive ?? false;
  const tty = interactive || (entry.raw.tty ?? entry.defaults.tty ?? false);
  return {
    command: (command && reader.command([...entry.path, 'command'], command)) ?? '',
    runner: runner && readRunner(runner, [...entry.path, 'runner'], reader),
    tty: isStarted && tty,
    interactive: isStarted && interactive,
  };
}

/** How it is shown and grouped. */
function readLooks(
  entry: ProcessEntry,
  reader: FieldReader,
): Pick<ProcessModel, 'description' | 'url' | 'groups' | 'profiles' | 'problemMatchers'> {
  const { description, groups, profiles, problem_matcher: matchers = [] } = entry.raw;
  return {
    description,
    url: readUrl(entry, reader),
    groups: [...new Set(groups)],
    profiles: [...new Set(profiles)],
    problemMatchers: typeof matchers === 'string' ? [matchers] : matchers,
  };
}

/** How a run ends, and what follows. */
function readEnds(
  entry: ProcessEntry,
  reader: FieldReader,
): Pick<ProcessModel, 'timeoutMs' | 'successExitCodes' | 'restart' | 'stop'> {
  const timeout = entry.own('timeout');
  return {
    timeoutMs: timeout && reader.duration(timeout.path, timeout.value),
    successExitCodes:
      entry.raw.success_exit_codes ??
      entry.defaults.success_exit_codes ??
      DEFAULTS.successExitCodes,
    restart: readRestart(entry.kind, entry.own('restart'), entry.shared('restart'), reader),
    stop: readStop(entry.own('stop'), entry.shared('stop'), reader),
  };
}

/** A warning only: something that runs before may make the directory, and the start will tell. */
async function readWorkdir(
  entry: ProcessEntry,
  context: SharedContext,
  reader: FieldReader,
): Promise<string> {
  const { folder } = context;
  const path = (entry.own('workdir') ?? entry.shared('workdir'))?.path;
  const written = path === undefined ? undefined : reader.text(path);
  if (path === undefined || written === undefined) return folder;
  const workdir = resolve(folder, written);
  const found = await context.statOf(workdir);
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
  return readReadiness(own.value, own.path, { kind: entry.kind, port }, reader);
}

function readHealthCheck(
  entry: ProcessEntry,
  port: number | undefined,
  reader: FieldReader,
): HealthCheck | undefined {
  const own = entry.own('health_check');
  if (own === undefined) return undefined;
  return readHealth(own.value, own.path, { kind: entry.kind, port }, reader);
}
