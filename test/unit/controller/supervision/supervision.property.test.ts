import fc from 'fast-check';
import type { ProcessModel } from '../../../../src/config/model.ts';
import { processModel } from '../../../support/testEnvironment.ts';
import { Simulation } from './simulation.ts';

const schedules = 10_000;
/** So many at a time, so that other work of the event loop is not put off for seconds. */
const batch = 500;

const description = fc.record({
  kind: fc.constantFrom('service', 'service', 'task', 'external'),
  policy: fc.constantFrom('never', 'on-failure', 'on-failure', 'always'),
  maxRetries: fc.constantFrom(0, 1, 3, undefined),
  delayMs: fc.constantFrom(0, 100, 1_000),
  windowMs: fc.constantFrom(500, 10_000),
  breaker: fc.constantFrom(undefined, { failures: 2, windowMs: 20_000, coolDownMs: 30_000 }),
  onFailure: fc.constantFrom('restart', 'stop', 'report'),
  /** Two bits for each process before it: whether it depends on it, and whether it follows it. */
  dependsOn: fc.nat(0xff),
  /** One for each: until it is ready, or merely started. */
  conditions: fc.nat(0xf),
});
type Description = typeof description extends fc.Arbitrary<infer T> ? T : never;

const environments = fc
  .array(description, { minLength: 1, maxLength: 4, size: 'max' })
  .map((all) => all.map((one, index) => toDefinition(one, all.slice(0, index))));
const steps = fc.array(fc.nat(0xff_ffff), { minLength: 10, maxLength: 60, size: 'max' });

function toDefinition(one: Description, before: readonly Description[]): ProcessModel {
  const { kind, policy, maxRetries, delayMs, windowMs, breaker, onFailure } = one;
  const probe = { kind: 'tcp', host: 'localhost', port: 1, timeoutMs: 1 } as const;
  return processModel(`p${before.length}`, ['stand-in'], {
    kind,
    restart: {
      policy,
      maxRetries,
      delayMs,
      backoff: 2,
      maxDelayMs: 5_000,
      windowMs,
      jitter: 0.1,
      breaker,
    },
    healthCheck: {
      probe,
      intervalMs: 1_000,
      failureThreshold: 3,
      successThreshold: 1,
      onFailure,
    },
    timeoutMs: 1_000,
    dependsOn: before.flatMap(({ kind: other }, index) => {
      if (((one.dependsOn >> (2 * index)) & 1) === 0) return [];
      const isFollowed = ((one.dependsOn >> (2 * index + 1)) & 1) === 1;
      const isStarted = ((one.conditions >> index) & 1) === 1;
      return [
        {
          name: `p${index}`,
          condition: other === 'task' ? 'completed' : isStarted ? 'started' : 'ready',
          ...(isFollowed ? { restart: true as const } : {}),
        },
      ];
    }),
  });
}

/** Somebody asks for something, a program does something, or time passes: as the number says. */
function take(simulation: Simulation, step: number): void {
  const choice = step & 0xf;
  const what = step >> 4;
  const names = simulation.definitions.map(({ name }) => name);
  const name = names[what % names.length] ?? '';
  const more = Math.floor(what / names.length);
  switch (choice) {
    case 0:
    case 1: {
      simulation.start([name], 'you', more % 5 !== 0);
      return;
    }
    case 2: {
      simulation.start(more % 2 === 0 ? names : [name], 'schedule', true);
      return;
    }
    case 3: {
      simulation.stop([name], more % 4 !== 0, more % 3 === 0);
      return;
    }
    case 4: {
      simulation.stop(more % 3 === 0 ? names : [name], true, false);
      return;
    }
    case 5: {
      simulation.restart([name], 'you');
      return;
    }
    case 6: {
      simulation.restart([name], more % 2 === 0 ? 'watch' : 'schedule');
      return;
    }
    case 7: {
      simulation.pass([0, 100, 700, 3_000, 35_000][more % 5] ?? 0);
      return;
    }
    case 8: {
      simulation.tellOldNews(name, more);
      return;
    }
    default: {
      const living = simulation.living();
      const run = living[what % Math.max(1, living.length)];
      if (run === undefined) return;
      if (choice < 11) simulation.crash(run);
      else simulation.play(run, Math.floor(what / living.length));
    }
  }
}

describe('supervision, with programs that do anything at any time', () => {
  for (let from = 0; from < schedules; from += batch) {
    it(`keeps its promises in schedules ${from + 1} to ${from + batch}`, () => {
      fc.assert(
        fc.property(environments, steps, (definitions, schedule) => {
          const simulation = new Simulation(definitions, () => 0.5);
          for (const step of schedule) take(simulation, step);
          simulation.settle();
          simulation.environment.dispose();
        }),
        { numRuns: batch, seed: from },
      );
    });
  }
});
