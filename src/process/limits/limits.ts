/** What can be limited; the names of dev-env.yaml. */
export type LimitName = 'memory' | 'cpu' | 'open_files' | 'processes' | 'io_weight';

/** By what a limit holds: the system's own means, or a look now and then. */
export type LimitMeans = 'rlimit' | 'cgroup-v2' | 'cgroup-v1' | 'systemd' | 'sampling';

/** The limits of a process as the file gives them; undefined: none. */
export interface LimitValues {
  /** Of the whole tree together. */
  readonly memoryBytes: number | undefined;
  /** Of one core, for the whole tree: 150 is one and a half cores. */
  readonly cpuPercent: number | undefined;
  /** Of each process by itself. */
  readonly openFiles: number | undefined;
  /** In the whole tree; the kernel counts threads too. */
  readonly processes: number | undefined;
  /** 1 to 10,000; 100 is the usual weight. */
  readonly ioWeight: number | undefined;
}

/** One limit of a run and what makes it hold. */
export interface HeldLimit {
  readonly limit: LimitName;
  /** As it is written in the file: bytes, percent, or a count. */
  readonly value: number;
  /** Undefined: nothing here can hold it. */
  readonly means: LimitMeans | undefined;
}

/** Those that are given, in the order in which they are shown. */
export function givenLimits(limits: LimitValues): readonly Omit<HeldLimit, 'means'>[] {
  const all: readonly (readonly [LimitName, number | undefined])[] = [
    ['memory', limits.memoryBytes],
    ['cpu', limits.cpuPercent],
    ['open_files', limits.openFiles],
    ['processes', limits.processes],
    ['io_weight', limits.ioWeight],
  ];
  return all.flatMap(([limit, value]) => (value === undefined ? [] : [{ limit, value }]));
}
