import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { type ExitStatus, readExitFile } from './exitFile.ts';
import { watchForExit } from './exitWatch.ts';
import type { ProcessIdentity } from './identity.ts';
import type { RunningProcess } from './spawn.ts';

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
  let watch: Disposable | undefined;
  const exited = new Promise<ExitStatus>((resolve) => {
    watch = watchForExit(identity, clock, () => resolve(recordedExit(exitFile, clock)));
  });
  return { pid: identity.pid, identity, exited, dispose: () => watch?.dispose() };
}

/** How a run ended that nobody watched. */
export function recordedExit(exitFile: string | undefined, clock: Clock): ExitStatus {
  const recorded = exitFile === undefined ? undefined : readExitFile(exitFile);
  return recorded ?? { code: undefined, signal: undefined, atMs: clock.now() };
}
