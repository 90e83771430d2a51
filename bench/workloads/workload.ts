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

export interface Workload {
  readonly id: string;
  readonly title: string;
  /** What is done, in a sentence or two. */
  readonly text: string;
  readonly figures: readonly Figure[];
  readonly rounds: number;
  readonly takes: (manager: Manager) => boolean;
  /** One round: a value for each figure; undefined where it makes no sense. */
  readonly measure: (manager: Manager) => Promise<readonly (number | undefined)[]>;
}
