import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  dependenciesOf,
  dependentsOf,
  findCycles,
  type GraphNode,
} from '../../../src/graph/dependencyGraph.ts';

/** `a: b c` per node: its name and what it depends on. */
function graph(...lines: string[]): GraphNode[] {
  return lines.map((line) => {
    const [name = '', dependencies = ''] = line.split(':');
    const names = dependencies.split(' ').filter((part) => part !== '');
    return { name, dependsOn: names.map((dependency) => ({ name: dependency })) };
  });
}

const names = (nodes: readonly GraphNode[]): string[] => nodes.map((node) => node.name);

/** Graphs of up to 12 nodes with any edges, to themselves and to nobody among them. */
const anyGraph = fc.array(fc.array(fc.nat(13), { maxLength: 5 }), { maxLength: 12 }).map((edges) =>
  edges.map((targets, at) => ({
    name: `n${at}`,
    dependsOn: targets.map((target) => ({ name: `n${target}` })),
  })),
);

describe('findCycles', () => {
  const cases: [string, string[], string[][]][] = [
    ['nothing', [], []],
    ['a diamond', ['a: b c', 'b: d', 'c: d', 'd:'], []],
    ['a node that depends on itself', ['a: a'], [['a']]],
    ['two nodes', ['a: b', 'b: a'], [['a', 'b']]],
    ['a cycle behind a chain', ['a: b', 'b: c', 'c: d', 'd: b'], [['b', 'c', 'd']]],
    ['two cycles through one node', ['a: b', 'b: a c', 'c: b'], [['a', 'b'], ['b', 'c']]], // prettier-ignore
    ['two separate cycles', ['a: b', 'b: a', 'c: d', 'd: c'], [['a', 'b'], ['c', 'd']]], // prettier-ignore
    ['an unknown dependency', ['a: nobody'], []],
  ];
  for (const [title, lines, expected] of cases) {
    it(title, () => assert.deepEqual(findCycles(graph(...lines)), expected));
  }

  it('finds nothing exactly when nobody depends on itself, by however many others', () => {
    fc.assert(
      fc.property(anyGraph, (nodes) => {
        const isOnCycle = (node: GraphNode): boolean =>
          targetsOf(node).some((target) => dependenciesOf(nodes, [target]).has(node.name));
        assert.equal(findCycles(nodes).length === 0, !nodes.some(isOnCycle));
      }),
    );
  });

  it('gives real cycles, and without the edges that close them none is left', () => {
    fc.assert(
      fc.property(anyGraph, (nodes) => {
        const edges = new Map(nodes.map((node) => [node.name, targetsOf(node)]));
        const cycles = findCycles(nodes);
        for (const cycle of cycles) {
          for (const [at, name] of cycle.entries()) {
            assert.ok(edges.get(name)?.includes(cycle[(at + 1) % cycle.length]!));
          }
        }
        const closing = new Set(cycles.map((cycle) => `${cycle.at(-1)!} ${cycle[0]!}`));
        const opened = nodes.map((node) => ({
          name: node.name,
          dependsOn: node.dependsOn.filter((edge) => !closing.has(`${node.name} ${edge.name}`)),
        }));
        assert.deepEqual(findCycles(opened), []);
      }),
    );
  });

  it('stops at its limit in a dense graph', () => {
    const all = Array.from({ length: 1000 }, (_, at) => ({ name: `n${at}` }));
    const nodes = all.map(({ name }) => ({ name, dependsOn: all }));
    assert.equal(findCycles(nodes).length, 100);
    assert.equal(findCycles(nodes, 7).length, 7);
  });
});

function targetsOf(node: GraphNode): string[] {
  return node.dependsOn.map((edge) => edge.name);
}

describe('closures', () => {
  const shop = graph('db:', 'migrate: db', 'api: db migrate', 'web: api', 'docs:');
  it('dependenciesOf takes along all that is needed', () => {
    assert.deepEqual([...dependenciesOf(shop, ['web'])].sort(), ['api', 'db', 'migrate', 'web']);
    assert.deepEqual([...dependenciesOf(shop, ['db', 'docs', 'nobody'])].sort(), ['db', 'docs']);
  });
  it('dependentsOf takes along all that hangs on it', () => {
    assert.deepEqual([...dependentsOf(shop, ['migrate'])].sort(), ['api', 'migrate', 'web']);
    assert.deepEqual([...dependentsOf(shop, ['docs'])], ['docs']);
  });
  it('end on cycles', () => {
    const loop = graph('a: b', 'b: a');
    assert.deepEqual([...dependenciesOf(loop, ['a'])].sort(), ['a', 'b']);
    assert.deepEqual([...dependentsOf(loop, ['a'])].sort(), ['a', 'b']);
  });
  it('are inverse to each other', () => {
    fc.assert(
      fc.property(anyGraph, fc.nat(11), fc.nat(11), (nodes, one, other) => {
        const [a, b] = [`n${one}`, `n${other}`];
        const known = new Set(names(nodes));
        fc.pre(known.has(a) && known.has(b));
        assert.equal(dependenciesOf(nodes, [a]).has(b), dependentsOf(nodes, [b]).has(a));
      }),
    );
  });
});

describe('a chain of 1,000', () => {
  const chain = Array.from({ length: 1000 }, (_, at) => ({
    name: `n${at}`,
    dependsOn: at === 999 ? [] : [{ name: `n${at + 1}` }],
  }));
  it('has no cycle', () => {
    assert.deepEqual(findCycles(chain), []);
  });
  it('is one closure', () => {
    assert.equal(dependenciesOf(chain, ['n0']).size, 1000);
    assert.equal(dependentsOf(chain, ['n999']).size, 1000);
  });
  it('is one cycle when its ends meet', () => {
    const ring = chain.map((node) =>
      node.name === 'n999' ? { name: 'n999', dependsOn: [{ name: 'n0' }] } : node,
    );
    assert.deepEqual(findCycles(ring), [names(chain)]);
  });
});
