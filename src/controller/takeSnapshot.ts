import type { Dependency } from '../config/model.ts';
import { dependencyStatus } from './dependencyStatus.ts';
import { describeStatus } from './describe.ts';
import type { ProcessController } from './processController.ts';
import type { ProcessSnapshot } from './snapshot.ts';

/** What a snapshot tells of a process's neighbours. */
export interface Neighbours {
  readonly dependents: readonly string[];
  /** Dependents for whose end a stop waits. */
  readonly heldBy: readonly string[];
  readonly dependencies: readonly (Dependency & {
    readonly controller: ProcessController | undefined;
  })[];
}

/** Everything there is to show of a process now, as plain data. */
export function takeSnapshot(
  controller: ProcessController,
  { dependents, heldBy, dependencies }: Neighbours,
): ProcessSnapshot {
  const { definition, status, run } = controller;
  const { state } = status;
  return {
    name: controller.name,
    kind: definition.kind,
    description: definition.description,
    state: state.name,
    sinceMs: status.sinceMs,
    reason: reasonOf(controller, dependencies, heldBy),
    failure: state.name === 'failed' ? state.failure.code : undefined,
    run: status.run,
    pid: controller.isAlive ? run?.identity?.pid : undefined,
    startedAtMs: status.startedAtMs,
    readyAtMs: status.readyAtMs,
    restarts: status.restarts,
    nextStartAtMs: controller.nextStartAtMs,
    lastExit: status.lastExit,
    commandLine: commandLine(definition.command),
    workdir: definition.workdir,
    port: definition.port,
    url: definition.url,
    autostart: definition.autostart,
    dependsOn: definition.dependsOn,
    dependents,
    hasPendingChange: controller.hasPendingChange,
    isRemoved: controller.isRemoved,
    logPath: run?.logPath,
  };
}

/** A waiting process explains itself by what it waits for; the others by themselves. */
function reasonOf(
  controller: ProcessController,
  dependencies: Neighbours['dependencies'],
  heldBy: readonly string[],
): string | undefined {
  const pending =
    controller.state.name === 'waiting'
      ? dependencies
          .filter(
            ({ controller: other, condition }) =>
              other !== undefined && dependencyStatus(condition, other.state) === 'pending',
          )
          .map(({ name, controller: other }) => ({
            name,
            reason: other?.state.name === 'waiting' ? undefined : other && ownReason(other),
          }))
      : [];
  return describeStatus(controller.status, { pending, probe: controller.sighting, heldBy });
}

function ownReason(controller: ProcessController): string | undefined {
  return describeStatus(controller.status, {
    pending: [],
    probe: controller.sighting,
    heldBy: [],
  });
}

/** The command as one would type it; arguments that need it are quoted for reading, not for a shell. */
export function commandLine(command: string | readonly string[]): string {
  if (typeof command === 'string') return command;
  return command
    .map((argument) => (/^[\w@%+=:,./-]+$/.test(argument) ? argument : JSON.stringify(argument)))
    .join(' ');
}
