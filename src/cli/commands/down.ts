import { findOwner } from '../../control/findOwner.ts';
import { modelOfRecords } from '../../controller/recovery.ts';
import type { EnvironmentModel } from '../../config/model.ts';
import { openStateFolder, type StateFolder } from '../../store/stateFolder.ts';
import type { Context } from '../context.ts';
import { reloadModel } from '../loadModel.ts';
import { takeOwnership } from '../ownership.ts';
import { reportResult } from '../reportResult.ts';

/** Stops everything, in order, whoever runs it. */
export async function down(
  context: Context,
  { force = false }: { readonly force?: boolean },
): Promise<number> {
  const stateFolder = await openStateFolder(context.place.folder);
  for (;;) {
    const owner = await findOwner(stateFolder);
    if (owner !== undefined) {
      return reportResult(context, await owner.client.shutdown({ force }), 'down');
    }
    const model = await modelForStopping(context, stateFolder);
    const ownership = await takeOwnership({
      model,
      stateFolder,
      kind: 'terminal',
      waitMs: 0,
      reload: () => Promise.resolve(model),
      onReleaseRequested: () => undefined,
    });
    if (ownership === undefined) continue;
    const result = await ownership.target.shutdown({ force });
    await ownership.session.release();
    return reportResult(context, result, 'down');
  }
}

/** What the records tell is enough to stop what runs, when the file is broken or gone. */
async function modelForStopping(
  context: Context,
  stateFolder: StateFolder,
): Promise<EnvironmentModel> {
  const { folder, configPath } = context.place;
  return reloadModel(context, stateFolder).catch(() =>
    modelOfRecords(stateFolder, folder, configPath),
  );
}
