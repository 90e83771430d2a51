import { crashWorkload } from './crash.ts';
import { chainWorkload, diamondWorkload } from './dependencies.ts';
import { floodWorkload } from './flood.ts';
import { idleWorkload } from './idle.ts';
import { killedWorkload } from './killed.ts';
import { startWorkload } from './start.ts';
import { stopWorkload } from './stop.ts';
import type { Workload } from './workload.ts';

/** What `npm run bench` measures, sized so that the whole takes less than twenty minutes. */
export const fullWorkloads: readonly Workload[] = [
  startWorkload(20, 5),
  startWorkload(100, 5),
  startWorkload(1000, 5),
  chainWorkload(5),
  diamondWorkload(5),
  floodWorkload(200, 5),
  crashWorkload(12),
  stopWorkload(50, 5),
  idleWorkload(50, 6, 5),
  idleWorkload(1000, 6, 5),
  killedWorkload(5),
];
