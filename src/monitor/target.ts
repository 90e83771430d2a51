/** Whose tree is to be measured. */
export interface UsageTarget {
  readonly name: string;
  /** The leader, or for what someone else runs, the process that was found. */
  readonly pid: number;
  /** What its processes carry as DEV_ENV_RUN_ID, when they carry it. */
  readonly runId: string | undefined;
}
