import type { Manager } from '../managers/manager.ts';

/** One number that a workload measures. */
export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'MB' | '% of a core' | '';
  /** Digits behind the point. */
  readonly digits?: number;
  /** Is it compared with the bare loop? */
  readonly isRatio?: boolean;
}

/** A value for each figure; undefined where it makes no sense. */
export type Values = readonly (number | undefined)[];

interface WorkloadBase {
  readonly id: string;
  readonly title: string;
  /** What is done, in a sentence or two. */
  readonly text: string;
  readonly figures: readonly Figure[];
  readonly rounds: number;
  readonly takes: (manager: Manager) => boolean;
}

/** Managers take turns: each is started for its round, with nothing beside it. */
export interface TurnsWorkload extends WorkloadBase {
  /** One round. */
  readonly measure: (manager: Manager) => Promise<Values>;
}

/** A manager that was given its order, and is measured again and again. */
export interface Standing extends AsyncDisposable {
  measure(): Promise<Values>;
}

/**
 * All managers are started once and stay: for what hardly takes a machine, where one does not
 * disturb the other, and all of them see the same one.
 */
export interface StandingWorkload extends WorkloadBase {
  readonly open: (manager: Manager) => Promise<Standing>;
  /** What the starts leave to be done is over this long after the last one, in ms. */
  readonly restMs: number;
  /** Are all measured over the same time, or one after the other? */
  readonly isAtOnce: boolean;
}

export type Workload = TurnsWorkload | StandingWorkload;

/** A standing manager whose trial is cleaned up with it, or when `begin` fails. */
export async function standOn(
  trial: AsyncDisposable,
  begin: () => Promise<Standing['measure']>,
): Promise<Standing> {
  const dispose = async (): Promise<void> => trial[Symbol.asyncDispose]();
  try {
    return { measure: await begin(), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** A single round with a single manager. */
export async function measureOne(workload: Workload, manager: Manager): Promise<Values> {
  if (!('open' in workload)) return workload.measure(manager);
  await using standing = await workload.open(manager);
  return await standing.measure();
}
