import { type Disposable, toDisposable } from '../base/disposable.ts';
import type { ControlClient } from '../control/controlClient.ts';
import { findOwner, type FoundOwner } from '../control/findOwner.ts';
import type { ControlEvent } from '../control/protocol.ts';
import type { StateFolder } from '../store/stateFolder.ts';

/** Without an owner one looks this often for one, in ms. */
const ownerLookMs = 500;

/**
 * Tells what the owner of an environment tells, and when it has gone, what the next one does. Begins
 * with `first`, if somebody is known to own it.
 */
export function watchOwners(
  { lockPath, socketPath }: Pick<StateFolder, 'lockPath' | 'socketPath'>,
  listener: (owner: ControlClient, event: ControlEvent) => void,
  first: FoundOwner | undefined,
): Disposable {
  let subscription: Disposable | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isDisposed = false;
  if (first === undefined) void look();
  else listen(first);
  return toDisposable(() => {
    isDisposed = true;
    clearTimeout(timer);
    subscription?.dispose();
  });

  async function look(): Promise<void> {
    const present = await findOwner({ lockPath, socketPath }).catch(() => undefined);
    if (isDisposed) return;
    if (present !== undefined) listen(present);
    // Somebody may come; what runs writes on meanwhile.
    else timer = setTimeout(() => void look(), ownerLookMs);
  }

  function listen({ client }: FoundOwner): void {
    subscription = client.follow((event) => {
      listener(client, event);
      if (event.kind === 'end') void look();
    });
  }
}
