import { definitionHash } from '../config/diff.ts';
import { bootedAtMs } from '../process/boot.ts';
import type { ExitStatus } from '../process/exitFile.ts';
import type { RunRecord } from '../store/runRecord.ts';
import type { Attempt } from './attempts.ts';
import { describeExit } from './describe.ts';
import type { ProcessController } from './processController.ts';
import { formatState, parseState } from './recordedState.ts';
import { hasProgram, initialStatus, type ProcessState, type ProcessStatus } from './state.ts';

/** How many ends of runs a record carries; the history file has more. */
const keptExits = 5;

/** What the next host has to know of a process. No environment values, no secrets. */
export function recordOf(
  controller: ProcessController,
  environment: string,
  earlier: RecordedExits,
): RunRecord {
  const { definition, status, run } = controller;
  const { state, lastExit } = status;
  const identity = hasProgram(state) ? run?.identity : undefined;
  const { startTime } = identity ?? {};
  return {
    environment,
    name: controller.name,
    // What runs is what it was begun as, whatever the file says by now.
    kind: (hasProgram(state) ? run : undefined)?.definition.kind ?? definition.kind,
    definitionHash: run?.definitionHash ?? definitionHash(definition),
    run: status.run,
    ...(run === undefined ? {} : { runId: run.id }),
    ...(identity === undefined ? {} : { pid: identity.pid }),
    ...(startTime === undefined ? {} : { startTime }),
    ...(identity === undefined || process.platform === 'win32'
      ? {}
      : { processGroup: identity.pid }),
    dependsOn: definition.dependsOn.map((dependency) => dependency.name),
    stop: { signal: definition.stop.signal, timeoutMs: definition.stop.timeoutMs },
    ports: definition.port === undefined ? [] : [definition.port],
    ...(run?.logPath === undefined ? {} : { logPath: run.logPath }),
    ...(run?.exitFile === undefined ? {} : { exitFile: run.exitFile }),
    state: state.name,
    sinceMs: status.sinceMs ?? 0,
    ...(status.startedAtMs === undefined ? {} : { startedAtMs: status.startedAtMs }),
    ...(status.readyAtMs === undefined ? {} : { readyAtMs: status.readyAtMs }),
    ...(controller.nextStartAtMs === undefined ? {} : { nextStartAtMs: controller.nextStartAtMs }),
    stateDetails: formatState(withoutCommands(state)),
    bootedAtMs: bootedAtMs(Date.now()),
    restarts: status.restarts,
    ...supervision(status),
    lastExits: exits(earlier, lastExit),
  };
}

/** What the restart policy and the tree of the next host have to know again. */
function supervision(status: ProcessStatus): Partial<RunRecord> {
  const { attempts, hasIncident, restartCounts, health, result, dependencyRuns } = status;
  return {
    ...(attempts.length === 0 ? {} : { attempts: attempts.map(recordAttempt) }),
    ...(hasIncident ? { hasIncident } : {}),
    ...(isEmpty(restartCounts) ? {} : { restartCounts: { ...restartCounts } }),
    ...(health === 'unknown' ? {} : { health }),
    ...(result === undefined ? {} : { result: { ...result, exit: recordExit(result.exit) } }),
    ...(isEmpty(dependencyRuns) ? {} : { dependencyRuns: { ...dependencyRuns } }),
  };
}

function isEmpty(map: object): boolean {
  return Object.keys(map).length === 0;
}

function recordAttempt(attempt: Attempt): NonNullable<RunRecord['attempts']>[number] {
  const { exit, ...rest } = attempt;
  return { ...rest, ...(exit === undefined ? {} : { exit: codeOrSignal(exit) }) };
}

function recordExit(exit: ExitStatus): NonNullable<RunRecord['result']>['exit'] {
  return { ...codeOrSignal(exit), atMs: exit.atMs };
}

/** In a record there is nothing undefined. */
function codeOrSignal({ code, signal }: NonNullable<Attempt['exit']>) {
  return {
    ...(code === undefined ? {} : { code }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Command lines of other programs may hold what is nobody's business. */
function withoutCommands(state: ProcessState): ProcessState {
  if (state.name !== 'failed' || state.failure.cause.kind !== 'port-in-use') return state;
  const { failure } = state;
  const { command, ...holder } = state.failure.cause.holder;
  return { ...state, failure: { ...failure, cause: { ...state.failure.cause, holder } } };
}

type RecordedExits = RunRecord['lastExits'];

function exits(earlier: RecordedExits, last: ProcessStatus['lastExit']): RecordedExits {
  if (last === undefined) return earlier;
  const { run, code, signal, atMs } = last;
  const exit = {
    run,
    atMs,
    cause: describeExit(last),
    ...(code === undefined ? {} : { code }),
    ...(signal === undefined ? {} : { signal }),
  };
  return [...earlier.filter((other) => other.run !== run), exit].slice(-keptExits);
}

/** The status a record tells of; undefined when its state makes no sense to this version. */
export function statusOf(record: RunRecord): ProcessStatus | undefined {
  const state = parseState(record.stateDetails);
  if (state?.name !== record.state) return undefined;
  const last = record.lastExits.at(-1);
  return {
    ...initialStatus,
    state,
    sinceMs: record.sinceMs,
    run: record.run,
    startedAtMs: record.startedAtMs,
    readyAtMs: record.readyAtMs,
    restarts: record.restarts,
    attempts: (record.attempts ?? []) as readonly Attempt[],
    hasIncident: record.hasIncident ?? false,
    restartCounts: record.restartCounts ?? {},
    health: record.health ?? 'unknown',
    result: record.result && {
      ...record.result,
      exit: { code: undefined, signal: undefined, ...record.result.exit },
    },
    dependencyRuns: record.dependencyRuns ?? {},
    lastExit: last && { run: last.run, code: last.code, signal: last.signal, atMs: last.atMs },
  };
}
