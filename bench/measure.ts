import { errorMessage } from '../src/base/errors.ts';
import type { Manager } from './managers/manager.ts';
import { bare } from './managers/bare.ts';
import { devEnv } from './managers/devEnv.ts';
import type { ManagerResult, Series, WorkloadResult } from './results.ts';
import { median } from './statistics.ts';
import type {
  Standing,
  StandingWorkload,
  TurnsWorkload,
  Values,
  Workload,
} from './workloads/workload.ts';

/** A rival that has taken this long for a workload is not asked again: others want to be measured. In ms. */
const enoughMs = 15_000;
/** Nor one that did not come to its end this often. */
const enoughFailures = 2;

interface Record_ {
  readonly manager: Manager;
  readonly rounds: Values[];
  tookMs: number;
  fault: string | undefined;
}

/**
 * All managers by turns, so that what else the machine does hits them alike, in an order that is
 * turned by one each round, so that none always follows the same other one.
 */
export async function measureWorkload(
  workload: Workload,
  managers: readonly Manager[],
  say: (line: string) => void,
): Promise<WorkloadResult> {
  const records = managers
    .filter((manager) => workload.takes(manager))
    .map((manager): Record_ => ({ manager, rounds: [], tookMs: 0, fault: undefined }));
  const startMs = performance.now();
  say(`\n${workload.title}`);
  if ('open' in workload) await measureStanding(workload, records, say);
  else await measureTurns(workload, records, say);
  say(`  ${((performance.now() - startMs) / 1000).toFixed(0)} s`);
  const { id, title, text, figures, rounds } = workload;
  const limit = records.find(({ manager }) => manager === bare);
  return {
    id,
    title,
    text,
    figures,
    rounds,
    managers: records.map((record) => summarize(workload, record, limit)),
  };
}

async function measureTurns(
  workload: TurnsWorkload,
  records: readonly Record_[],
  say: (line: string) => void,
): Promise<void> {
  for (let round = 0; round < workload.rounds; round += 1) {
    for (const record of inTurn(records, round)) {
      await measureOnce(workload, record, () => workload.measure(record.manager), say);
    }
  }
}

async function measureStanding(
  workload: StandingWorkload,
  records: readonly Record_[],
  say: (line: string) => void,
): Promise<void> {
  const opened: (readonly [Record_, Standing])[] = [];
  try {
    for (const record of records) {
      try {
        opened.push([record, await workload.open(record.manager)]);
      } catch (error) {
        recordFault(record, error, say);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, workload.restMs));
    for (let round = 0; round < workload.rounds; round += 1) {
      const measured = inTurn(opened, round).map(([record, standing]) => () => {
        return measureOnce(workload, record, () => standing.measure(), say);
      });
      if (workload.isAtOnce) await Promise.all(measured.map((measure) => measure()));
      else for (const measure of measured) await measure();
    }
  } finally {
    for (const [, standing] of opened) await standing[Symbol.asyncDispose]();
  }
}

function inTurn<T>(all: readonly T[], round: number): T[] {
  const first = round % Math.max(1, all.length);
  return [...all.slice(first), ...all.slice(0, first)];
}

async function measureOnce(
  workload: Workload,
  record: Record_,
  measure: () => Promise<Values>,
  say: (line: string) => void,
): Promise<void> {
  if (record.fault !== undefined) return;
  const { manager } = record;
  const startMs = performance.now();
  try {
    const values = await measure();
    record.rounds.push(values);
    const shown = workload.figures.map(
      ({ name }, i) => `${name} ${values[i] === undefined ? '–' : values[i].toFixed(1)}`,
    );
    say(`  ${manager.name.padEnd(16)} ${shown.join(', ')}`);
    record.tookMs += performance.now() - startMs;
    const isRival = manager !== bare && manager !== devEnv;
    const isOver = record.rounds.length >= workload.rounds || 'open' in workload;
    const failures = record.rounds.filter(([first]) => first === undefined).length;
    if (isRival && !isOver && (record.tookMs > enoughMs || failures >= enoughFailures)) {
      const each = (record.tookMs / 1000 / record.rounds.length).toFixed(0);
      record.fault = `a round takes ${each} s`;
    }
  } catch (error) {
    recordFault(record, error, say);
  }
}

function recordFault(record: Record_, error: unknown, say: (line: string) => void): void {
  record.fault = errorMessage(error).split('\n')[0] ?? '';
  say(`  ${record.manager.name.padEnd(16)} ${record.fault}`);
}

function summarize(
  { figures }: Workload,
  { manager, rounds, fault }: Record_,
  limit: Record_ | undefined,
): ManagerResult {
  const series: Record<string, Series> = {};
  for (const [index, { name, isRatio }] of figures.entries()) {
    const values = rounds.map((round) => round[index]).filter((value) => value !== undefined);
    if (values.length === 0) continue;
    const ratios = values.map((value, round) => value / (limit?.rounds[round]?.[index] ?? NaN));
    const ratio = median(ratios.filter((one) => !Number.isNaN(one)));
    series[name] = {
      values,
      median: median(values),
      ...(isRatio === true && limit !== undefined && !Number.isNaN(ratio) ? { ratio } : {}),
    };
  }
  return {
    manager: manager.name,
    probes: manager.abilities.has('health'),
    figures: series,
    ...(fault === undefined ? {} : { fault }),
  };
}
