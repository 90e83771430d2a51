import { errorMessage } from '../src/base/errors.ts';
import type { Manager } from './managers/manager.ts';
import type { ManagerResult, Series, WorkloadResult } from './results.ts';
import { median } from './statistics.ts';
import type { Workload } from './workloads/workload.ts';

/** One who takes longer for a round is not asked again: the others are to be measured, too. In ms. */
const tooLongMs = 30_000;

interface Record_ {
  readonly manager: Manager;
  readonly rounds: (readonly (number | undefined)[])[];
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
    .map((manager): Record_ => ({ manager, rounds: [], fault: undefined }));
  say(`\n${workload.title}`);
  for (let round = 0; round < workload.rounds; round += 1) {
    for (let i = 0; i < records.length; i += 1) {
      const record = records[(i + round) % records.length];
      if (record === undefined || record.fault !== undefined) continue;
      await measureOnce(workload, record, say);
    }
  }
  const { id, title, text, figures, rounds } = workload;
  const limit = records.find(({ manager }) => manager.name === 'bare loop');
  return {
    id,
    title,
    text,
    figures,
    rounds,
    managers: records.map((record) => summarize(workload, record, limit)),
  };
}

async function measureOnce(
  workload: Workload,
  record: Record_,
  say: (line: string) => void,
): Promise<void> {
  const startMs = performance.now();
  try {
    const values = await workload.measure(record.manager);
    record.rounds.push(values);
    const shown = workload.figures.map(
      ({ name }, i) => `${name} ${values[i] === undefined ? '–' : values[i].toFixed(1)}`,
    );
    say(`  ${record.manager.name.padEnd(16)} ${shown.join(', ')}`);
    const tookMs = performance.now() - startMs;
    if (tookMs > tooLongMs) record.fault = `a round takes ${(tookMs / 1000).toFixed(0)} s`;
  } catch (error) {
    record.fault = errorMessage(error).split('\n')[0] ?? '';
    say(`  ${record.manager.name.padEnd(16)} ${record.fault}`);
  }
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
    figures: series,
    ...(fault === undefined ? {} : { fault }),
  };
}
