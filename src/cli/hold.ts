import type { ControlTarget } from '../control/controlTarget.ts';
import type { EnvironmentModel } from '../config/model.ts';
import { findOwner } from '../control/findOwner.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import type { Context } from './context.ts';
import { reloadModel } from './loadModel.ts';
import { takeOwnership } from './ownership.ts';

/** The environment in the hands of a command: its own for now, or another program's. */
export interface Hold {
  readonly target: ControlTarget;
  readonly isOwner: boolean;
  /** Lets go: nothing is stopped. */
  release(): Promise<void>;
}

/**
 * Owns the environment if nobody does, or else talks to who does. `onReleaseRequested` is called
 * when a window of the editor wants what this program owns.
 */
export async function takeHold(
  context: Context,
  stateFolder: StateFolder,
  model: EnvironmentModel,
  onReleaseRequested: () => void,
): Promise<Hold> {
  for (;;) {
    const owner = await findOwner(stateFolder);
    if (owner !== undefined) {
      return { target: owner.client, isOwner: false, release: () => Promise.resolve() };
    }
    const ownership = await takeOwnership({
      model,
      stateFolder,
      kind: 'terminal',
      waitMs: 0,
      // Just read; what is started later may be edited by then.
      reload: once(model, () => reloadModel(context, stateFolder)),
      onReleaseRequested,
    });
    if (ownership === undefined) continue;
    const { target, session } = ownership;
    return { target, isOwner: true, release: () => session.release() };
  }
}

/** Gives `first` the first time, and what `next` makes from then on. */
function once<T>(first: T, next: () => Promise<T>): () => Promise<T> {
  let isFirst = true;
  return () => {
    if (!isFirst) return next();
    isFirst = false;
    return Promise.resolve(first);
  };
}
