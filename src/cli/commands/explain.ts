import { resolveTargets } from '../../controller/targets.ts';
import { findOwner } from '../../control/findOwner.ts';
import { openStateFolder } from '../../store/stateFolder.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exitCodes.ts';
import { unownedStatus } from '../unownedStatus.ts';

/** Says why a process is as it is. */
export async function explain(context: Context, name: string): Promise<number> {
  const stateFolder = await openStateFolder(context.place.folder);
  const owner = await findOwner(stateFolder);
  const found = owner?.status ?? (await unownedStatus(context, stateFolder));
  resolveTargets(found.processes, [name]);
  if (owner !== undefined) {
    const { lines } = await owner.client.explain(name);
    for (const line of lines) context.output.line(line);
    return exitCodes.ok;
  }
  const process = found.processes.find((one) => one.name === name);
  const reason = process?.reason === undefined ? '' : `: ${process.reason}`;
  context.output.line(`${name} is ${process?.state ?? 'stopped'}${reason}`);
  context.output.line('Nobody runs this environment now.');
  return exitCodes.ok;
}
