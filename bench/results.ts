import type { FloodResult } from './flood.ts';
import type { IdleResult } from './idle.ts';
import type { BadStops } from './stops.ts';
import type { Comparison } from './support.ts';

/** What bench/results.json holds. */
export interface Results {
  /** ISO 8601. */
  readonly at: string;
  readonly machine: {
    readonly system: string;
    readonly cpu: string;
    readonly cpus: number;
    readonly memoryGb: number;
    readonly node: string;
    /** Of the last minute, when the run began: more than a few tenths blur everything. */
    readonly load: number;
  };
  readonly devEnv: string;
  /** By what is compared, in the order of the document. */
  readonly comparisons: Readonly<Record<string, Comparison>>;
  readonly badStops: BadStops;
  readonly flood: FloodResult;
  /** From the last run of the tests in the extension host, if there was one. */
  readonly hostFlood: HostFlood | undefined;
  readonly idle: readonly IdleResult[];
}

/** What test/host/flood.test.ts leaves behind. */
export interface HostFlood {
  readonly vscode: string;
  readonly megabytes: number;
  readonly seconds: number;
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
  readonly memoryGrowthMb: number;
  readonly isComplete: boolean;
}
