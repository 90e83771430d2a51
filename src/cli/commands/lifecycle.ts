import { findOwner } from '../../control/findOwner.ts';
import { resolveTargets } from '../../controller/targets.ts';
import { openStateFolder } from '../../store/stateFolder.ts';
import { ownerOrBackground } from '../background.ts';
import type { Context } from '../context.ts';
import { loadModel } from '../loadModel.ts';
import { reportResult } from '../reportResult.ts';
import { unownedStatus } from '../unownedStatus.ts';

export interface StopOptions {
  readonly force?: boolean;
}

/** Starts by name, and waits until all are ready; a program in the background stays with them. */
export async function start(context: Context, names: readonly string[]): Promise<number> {
  const client = await ownerOf(context, names);
  return reportResult(context, await client.start({ names }), 'up');
}

/** Stops and starts by name. */
export async function restart(context: Context, names: readonly string[]): Promise<number> {
  const client = await ownerOf(context, names);
  return reportResult(context, await client.restart({ names }), 'up');
}

/** Stops by name, dependents first. What is not named goes on, and so does who runs it. */
export async function stop(
  context: Context,
  names: readonly string[],
  { force = false }: StopOptions,
): Promise<number> {
  const stateFolder = await openStateFolder(context.place.folder);
  const owner = await findOwner(stateFolder);
  const status = owner?.status ?? (await unownedStatus(context, stateFolder));
  resolveTargets(status.processes, names);
  const { client } = owner ?? (await ownerOrBackground(context, stateFolder));
  return reportResult(context, await client.stop({ names, force }), 'down');
}

async function ownerOf(context: Context, names: readonly string[]) {
  const stateFolder = await openStateFolder(context.place.folder);
  const model = await loadModel(context, stateFolder);
  resolveTargets(model.processes, names);
  return (await ownerOrBackground(context, stateFolder)).client;
}
