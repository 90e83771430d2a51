import * as l10n from '@vscode/l10n';
import { DevEnvError } from './errors.ts';

/**
 * Waits for work that others may be waiting for too, and that goes on when this wait ends.
 * @throws DevEnvError `cancelled` as soon as the signal aborts
 */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(new DevEnvError('cancelled', l10n.t('cancelled')));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
