import { findOwner } from '../../control/findOwner.ts';
import type { ControlEvent, ControlledProcess } from '../../control/protocol.ts';
import { resolveTargets } from '../../controller/targets.ts';
import { offsetSince } from '../../store/logTimes.ts';
import { openStateFolder } from '../../store/stateFolder.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exitCodes.ts';
import { LineMask } from '../lineMask.ts';
import { LogFollower, LogView } from '../logView.ts';
import type { Output } from '../output.ts';
import { lookUnowned } from '../unownedStatus.ts';
import { watchOwners } from '../watchOwners.ts';

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
  const { status: found, mask: given } =
    owner === undefined
      ? await lookUnowned(context, stateFolder)
      : { status: owner.status, mask: undefined };
  const wanted = new Set(
    names.length === 0
      ? found.processes.map(({ name }) => name)
      : resolveTargets(found.processes, names).names,
  );
  const mask = new LineMask({ more: given });
  output.onClosed(() => mask.close());
  const view = new LogView(context, mask);
  view.expect([...wanted]);
  const follower = new LogFollower(output, view);
  if (owner !== undefined) mask.hear(owner.client, { kind: 'status', status: owner.status });
  let catchUp = (): void => undefined;
  const caughtUp = new Promise<void>((resolve) => (catchUp = resolve));
  const watch = watchOwners(
    stateFolder,
    (client, event) => {
      mask.hear(client, event);
      if (follow) void caughtUp.then(() => onEvent(event));
    },
    owner,
  );
  for (const process of found.processes) {
    const { name, logPath } = process;
    if (!wanted.has(name) || logPath === undefined) continue;
    follower.follow(name, logPath, await begin(process, sinceMs));
    // One after the other reads better than line by line, as long as nothing is being followed.
    if (!follow) await follower.end(logPath);
  }
  if (follow && !output.isClosed) {
    await follower.flush();
    catchUp();
    await untilInterrupted(output);
  }
  await follower.flush();
  watch.dispose();
  follower.dispose();
  return exitCodes.ok;

  function onEvent(event: ControlEvent): void {
    if (event.kind === 'run' && wanted.has(event.name)) {
      if (event.what === 'ended') void follower.end(event.logPath);
      else follower.follow(event.name, event.logPath);
    }
    if (event.kind !== 'status') return;
    for (const { name, pid, logPath } of event.status.processes) {
      if (pid === undefined || logPath === undefined || !wanted.has(name)) continue;
      follower.follow(name, logPath);
    }
  }
}

async function untilInterrupted(output: Output): Promise<void> {
  await new Promise<void>((resolve) => {
    // Once: the second one ends the command whatever it waits for.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
    output.onClosed(resolve);
  });
}

async function begin(
  { logPath, startedAtMs }: ControlledProcess,
  sinceMs: number | undefined,
): Promise<number> {
  if (sinceMs === undefined || logPath === undefined) return 0;
  if (startedAtMs !== undefined && startedAtMs >= sinceMs) return 0;
  return offsetSince(logPath, sinceMs);
}
