import { resolveTargets } from '../../controller/targets.ts';
import { openStateFolder } from '../../store/stateFolder.ts';
import { ownerOrBackground } from '../background.ts';
import { type Context, note } from '../context.ts';
import { exitCodes } from '../exitCodes.ts';
import { Foreground } from '../foreground.ts';
import { loadModel } from '../loadModel.ts';
import { reportResult } from '../reportResult.ts';
import { namesToStart } from '../namesToStart.ts';

export interface UpOptions {
  readonly detach?: boolean;
  readonly wait?: boolean;
}

/** Starts processes; stays with them, or leaves them to a program in the background. */
export async function up(
  context: Context,
  names: readonly string[],
  { detach = false, wait = false }: UpOptions,
): Promise<number> {
  const stateFolder = await openStateFolder(context.place.folder);
  const model = await loadModel(context, stateFolder);
  // Before anything is started, and with a hint at what was meant.
  resolveTargets(model.processes, names);
  const asked = namesToStart(names, model.processes, context.profiles);
  if (!detach && !wait) return new Foreground(context, stateFolder, model, asked).run();
  const { client, status } = await ownerOrBackground(context, stateFolder);
  const request = asked === undefined ? {} : { names: asked };
  const result = await client.start({ ...request, isAwaited: wait });
  if (!wait) {
    note(`Started in the background, run by ${status.owner?.label ?? ''}.`);
    return exitCodes.ok;
  }
  return reportResult(context, result, 'up');
}
