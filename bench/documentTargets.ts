import { markdownTable } from './documentTable.ts';
import type { ManagerResult, Results, WorkloadResult } from './results.ts';

const own = 'dev-env';
const bare = 'bare loop';

/** What was aimed at, and what came out. */
interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly isReached: boolean;
  /** Why a missed one is missed; the same for several. */
  readonly reason: string;
}

const startReason =
  'A start: Node itself takes about 40 ms to begin, which the bare loop needs too, and what is ' +
  'written in Go does not. The program, its YAML reader and the check of the file take some 80 ms ' +
  'more, although what the engine has compiled is kept. Each process then costs about twice what it ' +
  'costs the bare loop. Half of that is `spawn`, which is dearer the more memory the manager has, ' +
  'since `fork` copies its page tables (90 MB with 100 processes, 190 with 1,000; the bare loop has ' +
  '60), and which starts a second shell that outlives the manager and writes down how the program ' +
  'ended: a bare loop of 140 MB that does so takes 1.26 times as long. The other half is a record of ' +
  'what is about to be started, written before it is, so that nothing is started twice or left ' +
  'behind; the log of the run and its folder; an environment with its marks; and the state of the ' +
  'process, with those who are told of it. That is the price of what no rival does: see "The manager ' +
  'is killed".';

const floodReason =
  'The flood: the process writes to its file and waits for nobody. What it loses it loses to the ' +
  'manager, which reads the log and prints it again at the same time, on a machine with few cores.';

const crashReason =
  'A crash: from the end of the program to the next one there are the end of the recording shell, the ' +
  'look for what the program has left behind, and a start as above. What the machine was busy with ' +
  'meanwhile shows in the bare loop, too.';

const idleReason =
  'Doing nothing: what is done are the probes. Each is a new connection, as a kept one says nothing ' +
  'of new ones, and costs Node most of a millisecond, in its own HTTP client. Its heap is larger than ' +
  'that of Go, too.';

const stopReason =
  'A stop: every tree is proven gone by the table of processes before it is called stopped. Who is ' +
  'faster leaves programs behind: see the survivors.';

/** What this project aims at beside the bare loop and the rivals, with what was measured. */
export function targetsSection({ workloads }: Pick<Results, 'workloads'>): string {
  const found = workloads.flatMap(targetsOf);
  if (found.length === 0) return '';
  const missed = found.filter(({ isReached }) => !isReached);
  const reasons = [...new Set(missed.map(({ reason }) => reason))].filter((one) => one !== '');
  return [
    '## What was aimed at',
    markdownTable(
      ['', 'target', 'measured', 'reached'],
      found.map(({ what, wanted, measured, isReached }) => [
        what,
        wanted,
        measured,
        isReached ? 'yes' : 'no',
      ]),
    ),
    ...(reasons.length === 0 ? [] : ['Why not all of it:', ...reasons.map((one) => `- ${one}`)]),
  ].join('\n\n');
}

function targetsOf(workload: WorkloadResult): Target[] {
  const { id, title } = workload;
  if (id.startsWith('start-')) {
    return [
      limitTarget(workload, title, 1.5, startReason),
      ...aheadTarget(workload, 'time', title, startReason),
    ];
  }
  switch (id) {
    case 'chain':
    case 'diamond':
      return [limitTarget(workload, title, 1.1, startReason)];
    case 'flood':
      return [limitTarget(workload, title, 1.1, floodReason)];
    case 'crash':
      return [boundTarget(workload, title, 20, ' ms beyond the delay', crashReason)];
    case 'stop':
      return [
        limitTarget(workload, title, 1.5, stopReason),
        ...aheadTarget(workload, 'time', title, stopReason),
        survivorTarget(workload, title),
      ];
    default:
      return id.startsWith('idle-') ? idleTargets(workload) : [];
  }
}

/** Of the first figure, to that of the bare loop. */
function limitTarget(
  { managers, figures }: WorkloadResult,
  what: string,
  most: number,
  reason: string,
): Target {
  const name = figures[0]?.name ?? '';
  const ratio = of(managers, own)?.figures[name]?.ratio ?? Number.NaN;
  return {
    what,
    wanted: `at most ${most.toFixed(1)} × the bare loop`,
    measured: `${ratio.toFixed(2)} ×`,
    isReached: ratio <= most,
    reason,
  };
}

function boundTarget(
  { managers, figures }: WorkloadResult,
  what: string,
  most: number,
  unit: string,
  reason: string,
): Target {
  const value = of(managers, own)?.figures[figures[0]?.name ?? '']?.median ?? Number.NaN;
  return {
    what,
    wanted: `at most ${String(most)}${unit}`,
    measured: `${value.toFixed(1)}${unit}`,
    isReached: value <= most,
    reason,
  };
}

function survivorTarget({ managers }: WorkloadResult, what: string): Target {
  const values = of(managers, own)?.figures['survivors']?.values ?? [Number.NaN];
  const most = Math.max(...values);
  return {
    what,
    wanted: 'no survivor',
    measured: `${String(most)} in ${String(values.length)} rounds`,
    isReached: most === 0,
    reason: '',
  };
}

/** Less than every rival that has this figure; nothing without rivals. */
function aheadTarget(
  { managers }: WorkloadResult,
  figure: string,
  what: string,
  reason: string,
  among: (manager: ManagerResult) => boolean = () => true,
): Target[] {
  const mine = of(managers, own)?.figures[figure]?.median ?? Number.NaN;
  const rivals = managers
    .filter(({ manager }) => manager !== own && manager !== bare)
    .filter(among)
    .flatMap(({ manager, figures }) => {
      const value = figures[figure]?.median;
      return value === undefined ? [] : [{ manager, value }];
    });
  if (rivals.length === 0) return [];
  const better = rivals.filter(({ value }) => value <= mine).map(({ manager }) => manager);
  return [
    {
      what,
      wanted: 'ahead of every rival',
      measured:
        better.length === 0
          ? `ahead of all ${String(rivals.length)}`
          : `behind ${better.join(' and ')}, ahead of ${String(rivals.length - better.length)}`,
      isReached: better.length === 0,
      reason,
    },
  ];
}

function idleTargets(workload: WorkloadResult): Target[] {
  return workload.figures
    .filter(({ name }) => name !== 'all')
    .flatMap(({ name }) =>
      aheadTarget(workload, name, `${workload.title}: ${name}`, idleReason, ({ probes }) => probes),
    )
    .map((target) => ({ ...target, wanted: 'below every rival that also probes' }));
}

function of(managers: readonly ManagerResult[], name: string): ManagerResult | undefined {
  return managers.find(({ manager }) => manager === name);
}
