/**
 * What it costs to have processes that do nothing: CPU and memory of the program that keeps an
 * environment, while nothing happens.
 */
import { definition, withEnvironment } from './support.ts';

export interface IdleResult {
  readonly processes: number;
  readonly seconds: number;
  /** Of one core. */
  readonly cpuPercent: number;
  readonly memoryMb: number;
  /** Beyond what there was before the environment was made. */
  readonly memoryGrowthMb: number;
}

export async function measureIdle(processes: number, seconds = 10): Promise<IdleResult> {
  const rss = (): number => process.memoryUsage.rss() / 1024 / 1024;
  const before = rss();
  const definitions = [...Array(processes).keys()].map((i) =>
    definition({ name: `sleeper-${String(i)}`, command: ['sleep', '600'] }),
  );
  return withEnvironment(definitions, async (environment) => {
    const { failed } = await environment.start();
    if (failed.length > 0) throw new Error(failed[0]?.reason);
    await environment.flush();
    const cpuBefore = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const { user, system } = process.cpuUsage(cpuBefore);
    return {
      processes,
      seconds,
      cpuPercent: (user + system) / 1e4 / seconds,
      memoryMb: rss(),
      memoryGrowthMb: rss() - before,
    };
  });
}
