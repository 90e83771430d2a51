import type { LineLevel } from '../../store/lineLevel.ts';
import type { ProcessRef } from '../environments.ts';
import type { MergedFilter } from './mergedLines.ts';

/** A process as it is named in the memory of the workspace. */
export interface RememberedProcess {
  readonly folder: string;
  readonly name: string;
}

/** A merged view as it is kept over a reload. */
export interface RememberedView {
  readonly processes: readonly RememberedProcess[];
  /** Those of them whose lines are shown; absent: all. */
  readonly only?: readonly RememberedProcess[] | undefined;
  readonly level?: LineLevel | undefined;
  readonly text?: string | undefined;
}

/** The key of a process in a filter. */
export function sourceKey({ folder, name }: RememberedProcess): string {
  return `${folder} ${name}`;
}

export function asRemembered({ environment, name }: ProcessRef): RememberedProcess {
  return { folder: environment.folder.uri.toString(), name };
}

export function rememberView(refs: readonly ProcessRef[], filter: MergedFilter): RememberedView {
  const { sources, level, text } = filter;
  const processes = refs.map(asRemembered);
  return {
    processes,
    only: sources && processes.filter((one) => sources.has(sourceKey(one))),
    level,
    text,
  };
}

/**
 * What comes back of a view now that these processes are known; undefined while the folder of one of
 * its processes is still being read. What is no longer in the file or in the workspace is left out.
 */
export function restoreView<Ref extends ProcessRef>(
  { processes, only, level, text }: RememberedView,
  known: {
    readonly find: (process: RememberedProcess) => Ref | undefined;
    /** May it still come? */
    readonly isAwaited: (folder: string) => boolean;
  },
): { readonly refs: readonly Ref[]; readonly filter: MergedFilter } | undefined {
  if (processes.some(({ folder }) => known.isAwaited(folder))) return undefined;
  const refs = processes.flatMap((process) => known.find(process) ?? []);
  const shown = only?.filter((one) => known.find(one) !== undefined).map(sourceKey);
  const sources = shown === undefined || shown.length === 0 ? undefined : new Set(shown);
  return { refs, filter: { sources, level, text } };
}
