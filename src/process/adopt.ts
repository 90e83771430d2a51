import type { Clock } from '../base/clock.ts';
import { type Disposable, toDisposable } from '../base/disposable.ts';
import { type ExitStatus, readExitFile } from './exitFile.ts';
import { isSameProcess, type ProcessIdentity } from './identity.ts';
import type { RunningProcess } from './spawn.ts';

/**
 * How often a process that is not our child is looked at, in ms: nobody tells us of its end. A look
 * costs some ten microseconds on Linux, and a program elsewhere.
 */
const lookEveryMs = process.platform === 'linux' ? 200 : 2_000;

export interface AdoptedProcess extends RunningProcess, Disposable {}

/**
 * Takes up a program that an earlier host started: the same interface as for a child of our own.
 * The caller has checked that it is the one. How it ends is read from its exit file; without one,
 * neither code nor signal is known.
 */
export function adoptProcess(
  identity: ProcessIdentity,
  { exitFile, clock }: { readonly exitFile: string | undefined; readonly clock: Clock },
): AdoptedProcess {
  let timer: Disposable | undefined;
  let isDisposed = false;
  const exited = new Promise<ExitStatus>((resolve) => {
    const look = async (): Promise<void> => {
      if (isDisposed) return;
      if (await isSameProcess(identity)) {
        timer = clock.schedule(lookEveryMs, () => void look());
        return;
      }
      resolve(recordedExit(exitFile, clock));
    };
    void look();
  });
  const watch = toDisposable(() => {
    isDisposed = true;
    timer?.dispose();
  });
  return { pid: identity.pid, identity, exited, dispose: () => watch.dispose() };
}

/** How a run ended that nobody watched. */
export function recordedExit(exitFile: string | undefined, clock: Clock): ExitStatus {
  const recorded = exitFile === undefined ? undefined : readExitFile(exitFile);
  return recorded ?? { code: undefined, signal: undefined, atMs: clock.now() };
}
