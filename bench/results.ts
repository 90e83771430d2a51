import type { EditorResults } from './editorResults.ts';

/** What is known of one figure of one manager. */
export interface Series {
  /** Of the rounds, in their order. */
  readonly values: readonly number[];
  readonly median: number;
  /** Median of the ratios to the bare loop in the same round; for figures that are compared. */
  readonly ratio?: number;
}

export interface ManagerResult {
  readonly manager: string;
  /** Can it ask its processes whether they are well? */
  readonly probes: boolean;
  /** By the name of the figure. */
  readonly figures: Readonly<Record<string, Series>>;
  /** Why there are fewer rounds than planned. */
  readonly fault?: string;
}

export interface WorkloadResult {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly figures: readonly {
    readonly name: string;
    readonly unit: string;
    readonly digits?: number;
    readonly isRatio?: boolean;
  }[];
  readonly rounds: number;
  readonly managers: readonly ManagerResult[];
}

/** What bench/results.json holds. */
export interface Results {
  /** ISO 8601. */
  readonly at: string;
  readonly seconds: number;
  readonly machine: {
    readonly system: string;
    readonly cpu: string;
    readonly cpus: number;
    readonly memoryGb: number;
    readonly node: string;
    /** Of the last minute, when the run began: more than a few tenths blur everything. */
    readonly load: number;
  };
  readonly versions: Readonly<Record<string, string>>;
  /** Rivals that the machine does not have, and why. */
  readonly missing: Readonly<Record<string, string>>;
  readonly workloads: readonly WorkloadResult[];
  /** In VS Code, by bench/editor.ts; undefined when it was not measured. */
  readonly editor?: EditorResults;
}
