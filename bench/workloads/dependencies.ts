import type { Job } from '../managers/manager.ts';
import { Trial } from '../trial.ts';
import type { TurnsWorkload } from './workload.ts';

type Edges = ReadonlyMap<string, readonly string[]>;

const chain: Edges = new Map(
  [...Array(10).keys()].map((i) => [`job-${String(i)}`, i === 0 ? [] : [`job-${String(i - 1)}`]]),
);

const middle = [...Array(28).keys()].map((i) => `middle-${String(i)}`);
const diamond: Edges = new Map([
  ['first', []],
  ...middle.map((name): [string, string[]] => [name, ['first']]),
  ['last', middle],
]);

function dependencyWorkload(
  id: string,
  title: string,
  edges: Edges,
  rounds: number,
): TurnsWorkload {
  return {
    id,
    title,
    text: 'Each is ready 100 ms after its start and says so by a line. The bare loop starts each at the word of those it needs: the critical path.',
    figures: [{ name: 'time', unit: 'ms', isRatio: true }],
    rounds,
    takes: ({ abilities }) => abilities.has('dependencies'),
    measure: async (manager) => {
      await using trial = new Trial(manager);
      await trial.start(
        [...edges].map(([name, dependsOn]): Job => ({
          name,
          command: `sleep 0.1; ${trial.mark(name)}; echo ready now; exec sleep 600`,
          readyLine: 'ready now',
          ...(dependsOn.length === 0 ? {} : { dependsOn }),
        })),
      );
      return [await trial.untilMarks(edges.size)];
    },
  };
}

export function chainWorkload(rounds: number): TurnsWorkload {
  return dependencyWorkload('chain', 'A chain of ten', chain, rounds);
}

export function diamondWorkload(rounds: number): TurnsWorkload {
  return dependencyWorkload('diamond', 'A diamond of thirty', diamond, rounds);
}
