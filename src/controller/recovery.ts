import { constants } from 'node:os';
import { basename } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Clock } from '../base/clock.ts';
import { DevEnvError } from '../base/errors.ts';
import type { EnvironmentModel, ProcessModel } from '../config/model.ts';
import { plainProcess } from '../config/plainProcess.ts';
import { adoptProcess, recordedExit } from '../process/adopt.ts';
import { bootedAtMs, isSameBoot } from '../process/boot.ts';
import { readExitFile } from '../process/exitFile.ts';
import { identify, isSameProcess, nobody, type ProcessIdentity } from '../process/identity.ts';
import { killGroup } from '../process/killGroup.ts';
import { findMarked, type MarkedRun, readMarks } from '../process/linuxMarkers.ts';
import { readProcess } from '../process/processTable.ts';
import type { RunningProcess } from '../process/spawn.ts';
import { RecordStore } from '../store/recordStore.ts';
import type { RunRecord } from '../store/runRecord.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import { statusOf } from './runRecords.ts';
import { hasProgram, type ProcessState, type ProcessStatus } from './state.ts';

/** What a record tells, compared with what is there. */
export interface RecoveredRun {
  readonly record: RunRecord;
  /** The status to go on with. */
  readonly status: ProcessStatus;
  /** What had been started, alive or ended; undefined when the state has no program. */
  readonly program: RunningProcess | undefined;
}

/** Compares all records with the processes there are. Records that make no sense are left out. */
export async function recoverRuns(
  records: readonly RunRecord[],
  clock: Clock,
): Promise<readonly RecoveredRun[]> {
  // At the first start, and after all was stopped, there is nothing to look for.
  const isAnyAlive = records.some((record) => {
    const status = statusOf(record);
    return status !== undefined && hasProgram(status.state);
  });
  const marked = isAnyAlive ? await findMarked() : new Map<string, MarkedRun>();
  const recovered = await Promise.all(
    records.map(async (record) => {
      const status = statusOf(record);
      if (status === undefined) return undefined;
      if (!isSameBoot(record.bootedAtMs, bootedAtMs(clock.now()))) {
        // Nothing of it is left, and whether it runs again is for the opening of the folder to say.
        return {
          record,
          status: { ...status, state: afterReboot(status.state) },
          program: undefined,
        };
      }
      if (!hasProgram(status.state)) {
        return { record, status: { ...status, state: lookAnew(status.state) }, program: undefined };
      }
      const program = await findRun(record, marked, clock);
      return program === undefined
        ? { record, status: { ...status, state: beforeSpawn(status.state) }, program }
        : { record, status, program };
    }),
  );
  return recovered.filter((run) => run !== undefined);
}

/** What became of a recorded run: its program (which may have ended), or there never was one. */
async function findRun(
  record: RunRecord,
  marked: ReadonlyMap<string, MarkedRun>,
  clock: Clock,
): Promise<RunningProcess | undefined> {
  const { exitFile, runId } = record;
  if (runId === undefined) return undefined;
  // Whose PID nobody told the last host either: it has to be looked for again.
  if (record.kind === 'external' && record.pid === undefined) {
    return { pid: nobody.pid, identity: nobody, exited: new Promise(() => undefined) };
  }
  const { pids: all = [], preparing = [] } = marked.get(runId) ?? {};
  // Nobody is left to take what it gives; the start asks for it again.
  for (const pid of preparing) {
    // It may have ended since, and its PID may be another one's.
    if (readMarks(pid)?.runId === runId) await killGroup({ pid, startTime: undefined });
  }
  const pids = all.filter((pid) => !preparing.includes(pid));
  const leader = await findLeader(record, pids);
  if (leader !== undefined) return adoptProcess(leader, { exitFile, clock });

  const wasSpawned =
    record.pid !== undefined ||
    pids.length > 0 ||
    (exitFile !== undefined && readExitFile(exitFile) !== undefined);
  if (!wasSpawned) return undefined;
  const identity =
    record.pid === undefined
      ? nobody
      : { pid: record.pid, startTime: record.startTime ?? 'unknown' };
  return {
    pid: identity.pid,
    identity,
    exited: Promise.resolve(recordedExit(exitFile, clock)),
  };
}

/** The living leader of a run, proven to be the one: by its start time, and by its mark. */
async function findLeader(
  record: RunRecord,
  marked: readonly number[],
): Promise<ProcessIdentity | undefined> {
  if (record.pid !== undefined) {
    const identity = { pid: record.pid, startTime: record.startTime };
    if (!(await isSameProcess(identity))) return undefined;
    // What is not ours has no mark of ours.
    if (record.kind === 'external') return identity;
    // Another mark would be proof that it is not ours; no mark proves nothing where none is seen.
    const marks = process.platform === 'linux' ? readMarks(record.pid) : undefined;
    return marks !== undefined && marks.runId !== record.runId ? undefined : identity;
  }
  // The host died between the spawn and the record of it: the leader is the one that leads a group.
  for (const pid of marked) {
    const info = await readProcess(pid);
    if (info?.pgid === pid) return identify(pid);
  }
  return undefined;
}

/** The machine went down, and everything with it, as at the closing of a window. */
function afterReboot(state: ProcessState): ProcessState {
  if (state.name === 'stopped') return state;
  if (state.name === 'failed') {
    const isBackByItself = state.retryAtMs !== undefined;
    if (!isBackByItself && state.failure.code !== 'not-stopped') return state;
  }
  return { name: 'stopped', cause: { kind: 'requested', by: 'close', through: undefined } };
}

/** What looks for a program that is not ours looks for nobody else. */
function lookAnew(state: ProcessState): ProcessState {
  if (state.name !== 'waiting' || state.isLooking !== true) return state;
  return { ...state, isLooking: false };
}

/** The state in which a run continues that was about to be spawned and never was. */
function beforeSpawn(state: ProcessState): ProcessState {
  switch (state.name) {
    case 'starting':
      return { name: 'waiting', cause: state.cause, ignoresDependencies: true };
    case 'stopping':
      return state.then.kind === 'start'
        ? { name: 'waiting', cause: state.then.cause, ignoresDependencies: false }
        : {
            name: 'stopped',
            cause: state.then.kind === 'failed' ? state.then.failure.cause : state.then.cause,
          };
    default:
      return state;
  }
}

/** The model that the records make: for when the file is missing or has errors. */
export async function modelOfRecords(
  stateFolder: StateFolder,
  folder: string,
  configPath: string,
): Promise<EnvironmentModel> {
  const store = new RecordStore({ folder: stateFolder, onWriteError: () => undefined });
  const { records } = await store.readAll('look');
  return {
    folder,
    configPath,
    autostart: false,
    onStartFailure: 'keep',
    processes: records.map((record) => definitionOf(record, folder)),
    activeProfiles: [],
    envFiles: [],
    isProvisional: true,
  };
}

/**
 * What the records tell is enough to stop a process, and not to start it.
 * @throws DevEnvError `config-invalid`
 */
export function mustKnowHow({ isProvisional, configPath }: EnvironmentModel): void {
  if (isProvisional !== true) return;
  throw new DevEnvError(
    'config-invalid',
    l10n.t('Nothing can be started while {0} has errors.', basename(configPath)),
  );
}

/** What is known of a process that is no longer in the file: enough to watch and to stop it. */
export function definitionOf(record: RunRecord, folder: string): ProcessModel {
  return plainProcess({
    name: record.name,
    kind: record.kind,
    command: ['(removed)'],
    workdir: folder,
    port: record.ports[0],
    dependsOn: record.dependsOn.map((name) => ({ name, condition: 'started' })),
    stop: {
      signal: isSignal(record.stop.signal) ? record.stop.signal : 'SIGTERM',
      command: undefined,
      timeoutMs: record.stop.timeoutMs,
    },
  });
}

function isSignal(name: string): name is NodeJS.Signals {
  return Object.hasOwn(constants.signals, name);
}
