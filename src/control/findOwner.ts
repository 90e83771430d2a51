import { DevEnvError } from '../base/errors.ts';
import * as l10n from '@vscode/l10n';
import { isSameProcess } from '../process/identity.ts';
import { lockOwner } from '../store/environmentLock.ts';
import { thisHost } from '../store/lockFiles.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import { ControlClient } from './controlClient.ts';
import type { EnvironmentStatus } from './protocol.ts';

/** An owner that just took the environment opens its socket after it has looked around. In ms. */
const patienceMs = 10_000;
const pauseMs = 20;

export interface FoundOwner {
  readonly client: ControlClient;
  readonly status: EnvironmentStatus;
}

/**
 * The program that owns an environment, ready to be talked to; undefined when nobody does.
 * @throws DevEnvError `owner-unreachable` when somebody does and cannot be talked to.
 */
export async function findOwner(
  { lockPath, socketPath }: Pick<StateFolder, 'lockPath' | 'socketPath'>,
  limitMs = patienceMs,
): Promise<FoundOwner | undefined> {
  // Asking the lock costs less than a connection, and most often there is nobody.
  if ((await lockOwner(lockPath, isSameProcess).catch(() => undefined)) === undefined) {
    return undefined;
  }
  const client = new ControlClient(socketPath);
  for (const endMs = performance.now() + limitMs; ;) {
    try {
      return { client, status: await client.status() };
    } catch (error) {
      // It answers, and does not understand.
      if (error instanceof DevEnvError && error.cause instanceof Error && 'issues' in error.cause) {
        throw error;
      }
      const owner = await lockOwner(lockPath, isSameProcess).catch(() => undefined);
      if (owner === undefined) return undefined;
      if (owner.host !== thisHost || performance.now() > endMs) {
        throw new DevEnvError(
          'owner-unreachable',
          owner.host === thisHost
            ? l10n.t('The environment is run by {0}, which does not answer.', owner.label)
            : l10n.t(
                'The environment is run by {0} on {1}, and can be controlled there only.',
                owner.label,
                owner.host,
              ),
          { owner: owner.label },
          error,
        );
      }
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
