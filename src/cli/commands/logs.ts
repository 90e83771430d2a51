import { findOwner } from '../../control/findOwner.ts';
import type { ControlledProcess } from '../../control/protocol.ts';
import { resolveTargets } from '../../controller/targets.ts';
import { offsetSince } from '../../store/logTimes.ts';
import { openStateFolder, type StateFolder } from '../../store/stateFolder.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exitCodes.ts';
import { LogFollower, LogView } from '../logView.ts';
import { unownedStatus } from '../unownedStatus.ts';

export interface LogsOptions {
  readonly follow?: boolean;
  /** Only what was written after this; ms since the epoch. */
  readonly sinceMs?: number;
}

/** Writes the output of the present or last run of processes, one after the other, or as it comes. */
export async function logs(
  context: Context,
  names: readonly string[],
  { follow = false, sinceMs }: LogsOptions,
): Promise<number> {
  const { output } = context;
  const stateFolder = await openStateFolder(context.place.folder);
  const owner = await findOwner(stateFolder);
  const found = owner?.status ?? (await unownedStatus(context, stateFolder));
  const wanted = new Set(
    names.length === 0
      ? found.processes.map(({ name }) => name)
      : resolveTargets(found.processes, names).names,
  );
  const view = new LogView(context);
  view.expect([...wanted]);
  const follower = new LogFollower(output, view);
  for (const process of found.processes) {
    const { name, logPath } = process;
    if (!wanted.has(name) || logPath === undefined) continue;
    follower.follow(name, logPath, await begin(process, sinceMs));
    // One after the other reads better than line by line, as long as nothing is being followed.
    if (!follow) await follower.end(logPath);
  }
  if (follow && !output.isClosed) {
    await follower.flush();
    await untilInterrupted(stateFolder, (event) => {
      if (!wanted.has(event.name)) return;
      if (event.what === 'ended') void follower.end(event.logPath);
      else follower.follow(event.name, event.logPath);
    });
  }
  await follower.flush();
  follower.dispose();
  return exitCodes.ok;

  async function untilInterrupted(
    { lockPath, socketPath }: StateFolder,
    onRun: (event: { what: string; name: string; logPath: string }) => void,
  ): Promise<void> {
    await new Promise<void>((resolve) => {
      process.on('SIGINT', resolve);
      process.on('SIGTERM', resolve);
      output.onClosed(resolve);
      const watch = async (): Promise<void> => {
        const present = await findOwner({ lockPath, socketPath }).catch(() => undefined);
        if (present === undefined) {
          // Somebody may come; what runs writes on meanwhile.
          setTimeout(() => void watch(), ownerLookMs);
          return;
        }
        present.client.follow((event) => {
          if (event.kind === 'run') onRun(event);
          if (event.kind === 'end') void watch();
          if (event.kind === 'status') {
            for (const { name, pid, logPath } of event.status.processes) {
              if (pid === undefined || logPath === undefined) continue;
              onRun({ what: 'resumed', name, logPath });
            }
          }
        });
      };
      void watch();
    });
  }
}

/** Without an owner one looks this often for one, in ms. */
const ownerLookMs = 500;

async function begin(
  { logPath, startedAtMs }: ControlledProcess,
  sinceMs: number | undefined,
): Promise<number> {
  if (sinceMs === undefined || logPath === undefined) return 0;
  if (startedAtMs !== undefined && startedAtMs >= sinceMs) return 0;
  return offsetSince(logPath, sinceMs);
}
