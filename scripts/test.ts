import { randomUUID } from 'node:crypto';

import { findMarked } from './host/processTable.ts';
import { installServer } from './host/installServer.ts';
import { findBrowser } from './host/browser.ts';
import { type Counts, type Suite, suiteNames, suites } from './suites.ts';

/**
 * Every test of the project, or the suites that are named: `npm test -- unit host`. The last line
 * is `N passed, N failed`.
 */

/** Whatever a suite starts carries it, so that what is left of it can be found. */
const marker = 'DEV_ENV_SUITE';
const id = randomUUID();
process.env[marker] = id;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !suiteNames.includes(name));
if (unknown.length > 0) {
  console.error(`There is no suite "${unknown.join(', ')}"; there are: ${suiteNames.join(', ')}.`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    endLeftovers();
    process.exit(1);
  });
}

const chosen = suites.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const say = (line: string): void => {
  console.log(line);
};
// While the checks run, since it is slow the first time. What goes wrong shows when it is needed.
const fetched = chosen.some(({ needsHost }) => needsHost)
  ? Promise.all([installServer(say), findBrowser(say)]).catch(() => undefined)
  : undefined;

const total = { passed: 0, failed: 0 };
// Both do much waiting, one for programs and the other for the workbench.
const lanes = (['core', 'workbench'] as const)
  .map((lane) => chosen.filter((suite) => suite.lane === lane))
  .filter((lane) => lane.length > 0);
await runLane(chosen.filter(({ lane }) => lane === 'build'));
await Promise.all(lanes.map(runLane));
await fetched;

const leftovers = endLeftovers();
if (leftovers.length === 0) {
  total.passed += 1;
  console.log('\n✔ no process that was started is alive');
} else {
  total.failed += 1;
  console.log(`\n✘ processes that were started are alive (now ended):\n${leftovers.join('\n')}`);
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** One suite after the other. Where lanes run side by side, each suite prints at its end. */
async function runLane(lane: readonly Suite[]): Promise<void> {
  for (const suite of lane) {
    if (suite.needsHost) await fetched;
    const startedMs = performance.now();
    const lines = [`\n━━ ${suite.name}`];
    const print = (): void => {
      for (const line of lines.splice(0)) console.log(line);
    };
    const counts = await suite
      .run((line) => {
        lines.push(line);
        if (lanes.length === 1) print();
      })
      .catch((error: unknown): Counts => {
        lines.push(String(error instanceof Error ? error.stack : error));
        return { passed: 0, failed: 1 };
      });
    total.passed += counts.passed;
    total.failed += counts.failed;
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    lines.push(`━━ ${suite.name}: ${counts.passed} passed, ${counts.failed} failed, ${seconds} s`);
    print();
  }
}

/** Ends what still carries the marker, and says what it was. */
function endLeftovers(): string[] {
  const left = findMarked(marker).filter(({ value }) => value === id);
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Ended meanwhile.
    }
  }
  return left.map(({ pid, commandLine }) => `  ${pid} ${commandLine}`);
}
