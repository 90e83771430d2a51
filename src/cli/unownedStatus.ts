import { type EnvironmentStatus, protocolVersion, toWire } from '../control/protocol.ts';
import { ObservedEnvironment } from '../controller/observedEnvironment.ts';
import { modelOfRecords } from '../controller/recovery.ts';
import type { StateName } from '../controller/snapshot.ts';
import { isSameProcess } from '../process/identity.ts';
import { findMarked } from '../process/linuxMarkers.ts';
import { RecordStore } from '../store/recordStore.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import type { Context } from './context.ts';
import { reloadModel } from './loadModel.ts';

/**
 * What there is of an environment that nobody runs: the records, compared with the programs that
 * live. Changes nothing.
 */
export async function unownedStatus(
  context: Context,
  stateFolder: StateFolder,
): Promise<EnvironmentStatus> {
  return (await lookUnowned(context, stateFolder)).status;
}

/** The same, and what hides the secrets that what runs was given. */
export async function lookUnowned(
  context: Context,
  stateFolder: StateFolder,
): Promise<{ readonly status: EnvironmentStatus; readonly mask: (text: string) => string }> {
  const { folder, configPath } = context.place;
  const model = await reloadModel(context, stateFolder).catch(() =>
    modelOfRecords(stateFolder, folder, configPath),
  );
  const observed = new ObservedEnvironment(model, stateFolder, '');
  await observed.look();
  const processes = observed.processes().map(toWire);
  observed.dispose();
  const alive = await aliveNames(stateFolder);
  const status: EnvironmentStatus = {
    protocol: protocolVersion,
    folder,
    configPath,
    processes: processes.map((process) => {
      const { pid, ...rest } = process;
      // Who was killed in the middle of a start may not have noted the PID.
      const isMeantToRun = pid !== undefined || (isStarted(process) && process.kind !== 'external');
      if (!isMeantToRun || alive.has(process.name)) return process;
      const which = pid === undefined ? '' : ` (PID ${String(pid)})`;
      const reason = `ended while nobody ran the environment${which}`;
      return { ...rest, state: 'stopped' as const, reason };
    }),
  };
  return { status, mask: (text) => observed.mask(text) };
}

function isStarted({ state }: { readonly state: StateName }): boolean {
  return state === 'starting' || state === 'running' || state === 'stopping';
}

/**
 * Those whose program is the one that was started, and not another with its PID, and those of which
 * something carries our mark.
 */
async function aliveNames(stateFolder: StateFolder): Promise<ReadonlySet<string>> {
  const store = new RecordStore({ folder: stateFolder, onWriteError: () => undefined });
  const { records } = await store.readAll('look');
  const names = await Promise.all(
    records.map(async ({ name, pid, startTime }) => {
      if (pid === undefined) return undefined;
      return (await isSameProcess({ pid, startTime: startTime ?? 'unknown' })) ? name : undefined;
    }),
  );
  const marked = [...(await findMarked()).values()]
    .filter((run) => run.stateFolder === stateFolder.path)
    .map(({ processName }) => processName);
  return new Set([...names, ...marked].filter((name) => name !== undefined));
}
