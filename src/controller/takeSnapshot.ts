import type { Dependency, ProcessModel } from '../config/model.ts';
import type { PortHolder } from '../process/portHolder.ts';
import { runners } from '../process/runners/runnerRegistry.ts';
import type { LaunchNotes } from '../store/launchNotes.ts';
import { awaitedRunner } from './awaitedRunner.ts';
import { dependencyStatus } from './dependencyStatus.ts';
import { describeStatus, type PendingDependency } from './describe.ts';
import type { ProbeSighting } from './processRun.ts';
import type { LimitStatus, ProcessSnapshot, TaskResult } from './snapshot.ts';
import type { ProcessState, ProcessStatus } from './state.ts';
import { isInActiveProfiles } from './targets.ts';

/** What a snapshot is taken of: a process that is run here, or one that is only watched. */
export interface ProcessView {
  readonly name: string;
  readonly definition: ProcessModel;
  readonly status: ProcessStatus;
  /** Of the present run. */
  readonly pid: number | undefined;
  /** Of the present or last run. */
  readonly logPath: string | undefined;
  readonly nextStartAtMs: number | undefined;
  readonly hasPendingChange: boolean;
  readonly isRemoved: boolean;
  readonly isWatched: boolean;
  /** How the present run was started; undefined when nothing runs. */
  readonly launch: LaunchNotes | undefined;
  /** What the last readiness probe saw. */
  readonly sighting: ProbeSighting | undefined;
  /** What the health check saw last, when it was not well. */
  readonly healthReason: string | undefined;
  /** What it says of itself. */
  readonly statusText?: string | undefined;
  /** The files with what the last run of a task wrote. */
  readonly resultPaths: Pick<TaskResult, 'stdoutPath' | 'stderrPath'> | undefined;
}

/** What a snapshot tells of a process's neighbours. */
export interface Neighbours {
  readonly dependents: readonly string[];
  /** Dependents for whose end a stop waits. */
  readonly heldBy: readonly string[];
  readonly dependencies: readonly (Dependency & {
    readonly process: ProcessView | undefined;
  })[];
}

/** Everything there is to show of a process now, as plain data. */
export function takeSnapshot(
  process: ProcessView,
  { dependents, heldBy, dependencies }: Neighbours,
  activeProfiles: readonly string[],
): ProcessSnapshot {
  const { definition, status } = process;
  const { state } = status;
  return {
    name: process.name,
    kind: definition.kind,
    description: definition.description,
    state: state.name,
    sinceMs: status.sinceMs,
    reason: reasonOf(process, dependencies, heldBy),
    failure: state.name === 'failed' ? state.failure.code : undefined,
    portHolder: portHolderOf(state),
    stoppedBy:
      state.name === 'stopped' && state.cause?.kind === 'requested' ? state.cause.by : undefined,
    run: status.run,
    pid: process.pid,
    startedAtMs: status.startedAtMs,
    readyAtMs: status.readyAtMs,
    restarts: status.restarts,
    restartCounts: status.restartCounts,
    nextStartAtMs: process.nextStartAtMs,
    lastExit: status.lastExit,
    ...healthOf(process),
    statusText: process.statusText,
    breakerOpenUntilMs: state.name === 'failed' ? state.retryAtMs : undefined,
    nextScheduledAtMs: undefined,
    triggerNote: undefined,
    limits: limitsOf(process.launch),
    result: resultOf(process),
    groups: definition.groups,
    profiles: definition.profiles,
    isInActiveProfiles: isInActiveProfiles(definition, activeProfiles),
    isInteractive: definition.interactive,
    terminalSocket: process.launch?.terminalSocket,
    warnings: process.launch?.warnings ?? [],
    problemMatchers: definition.problemMatchers,
    commandLine: commandLine(definition.command, definition.runner),
    workdir: definition.workdir,
    port: definition.port,
    url: definition.url,
    autostart: definition.autostart,
    dependsOn: definition.dependsOn,
    dependents,
    hasPendingChange: process.hasPendingChange,
    isWatched: process.isWatched,
    isRemoved: process.isRemoved,
    logPath: process.logPath,
  };
}

function limitsOf(launch: LaunchNotes | undefined): readonly LimitStatus[] {
  return (launch?.limits ?? []).map(({ limit, value, means }) => ({
    limit,
    value,
    means,
    isExceeded: false,
  }));
}

/** Health is asked of what runs; an external that is away has been found to be unwell. */
function healthOf({
  definition,
  status,
  healthReason,
  sighting,
}: ProcessView): Pick<ProcessSnapshot, 'health' | 'healthReason'> {
  const { state, health } = status;
  if (definition.kind === 'external' && state.name === 'waiting' && health === 'unhealthy') {
    return { health, healthReason: sighting?.seen };
  }
  const isAsked = definition.healthCheck !== undefined && state.name === 'running';
  return { health: isAsked ? health : undefined, healthReason: isAsked ? healthReason : undefined };
}

function resultOf({ definition, status, resultPaths }: ProcessView): TaskResult | undefined {
  if (definition.kind !== 'task' || status.result === undefined) return undefined;
  const { stdoutPath, stderrPath } = resultPaths ?? {};
  return { ...status.result, stdoutPath, stderrPath };
}

function portHolderOf(state: ProcessState): PortHolder | undefined {
  if (state.name !== 'failed') return undefined;
  const { cause } = state.failure;
  return cause.kind === 'port-in-use' ? cause.holder : undefined;
}

/** A waiting process explains itself by what it waits for; the others by themselves. */
function reasonOf(
  process: ProcessView,
  dependencies: Neighbours['dependencies'],
  heldBy: readonly string[],
): string | undefined {
  const pending =
    process.status.state.name === 'waiting'
      ? dependencies
          .filter(
            ({ process: other, condition }) =>
              other !== undefined && dependencyStatus(condition, other.status.state) === 'pending',
          )
          .map(({ name, process: other }) => ({
            name,
            reason: () =>
              other?.status.state.name === 'waiting' ? undefined : other && ownReason(other),
          }))
      : [];
  return ownReason(process, pending, heldBy);
}

function ownReason(
  process: ProcessView,
  pending: readonly PendingDependency[] = [],
  heldBy: readonly string[] = [],
): string | undefined {
  const context = { pending, probe: process.sighting, heldBy };
  return awaitedRunner(process) ?? describeStatus(process.status, context);
}

/** The command as one would type it; arguments that need it are quoted for reading, not for a shell. */
export function commandLine(
  command: string | readonly string[],
  runner?: ProcessModel['runner'],
): string {
  if (runner !== undefined) return runners.describe(runner.name, runner.options);
  if (typeof command === 'string') return command;
  return command
    .map((argument) => (/^[\w@%+=:,./-]+$/.test(argument) ? argument : JSON.stringify(argument)))
    .join(' ');
}
