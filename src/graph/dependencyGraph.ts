/** What the functions here need to know of a process: its name and whose dependent it is. */
export interface GraphNode {
  readonly name: string;
  readonly dependsOn: readonly { readonly name: string }[];
}

/**
 * Cycles, each as the names along it without the first one repeated: `['a', 'b']` is `a → b → a`.
 * One for each edge that closes a cycle in a depth-first walk in the given order, so that a graph
 * without these edges has none left; a node that depends on itself is a cycle of one. Edges to
 * unknown names are ignored. At most `limit`, since a dense graph has more than anyone reads.
 *
 * The walk keeps its own stack: a chain of thousands must not exhaust the program's.
 */
export function findCycles(nodes: readonly GraphNode[], limit = 100): string[][] {
  const byName = index(nodes);
  const positionOnPath = new Map<string, number>();
  const isDone = new Set<string>();
  const cycles: string[][] = [];
  for (const root of byName.values()) {
    if (isDone.has(root.name)) continue;
    const path: { node: GraphNode; next: number }[] = [];
    const enter = (node: GraphNode): void => {
      positionOnPath.set(node.name, path.length);
      path.push({ node, next: 0 });
    };
    enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const edge = top.node.dependsOn[top.next++];
      if (edge === undefined) {
        positionOnPath.delete(top.node.name);
        isDone.add(top.node.name);
        path.pop();
        continue;
      }
      const start = positionOnPath.get(edge.name);
      if (start !== undefined) {
        cycles.push(path.slice(start).map((step) => step.node.name));
        if (cycles.length >= limit) return cycles;
        continue;
      }
      const target = byName.get(edge.name);
      if (target !== undefined && !isDone.has(target.name)) enter(target);
    }
  }
  return cycles;
}

/** The named nodes and everything they depend on, directly or not. Unknown names are left out. */
export function dependenciesOf(
  nodes: readonly GraphNode[],
  names: Iterable<string>,
): ReadonlySet<string> {
  const byName = index(nodes);
  return closure(names, byName, (name) => byName.get(name)?.dependsOn.map((edge) => edge.name));
}

/** The named nodes and everything that depends on them, directly or not. */
export function dependentsOf(
  nodes: readonly GraphNode[],
  names: Iterable<string>,
): ReadonlySet<string> {
  const dependents = reverse(nodes);
  return closure(names, index(nodes), (name) => dependents.get(name));
}

/** By name; the first of two with the same name counts. */
function index(nodes: readonly GraphNode[]): Map<string, GraphNode> {
  const byName = new Map<string, GraphNode>();
  for (const node of nodes) if (!byName.has(node.name)) byName.set(node.name, node);
  return byName;
}

function reverse(nodes: readonly GraphNode[]): ReadonlyMap<string, ReadonlySet<string>> {
  const dependents = new Map<string, Set<string>>();
  for (const node of nodes) {
    for (const { name } of node.dependsOn) {
      const known = dependents.get(name);
      if (known === undefined) dependents.set(name, new Set([node.name]));
      else known.add(node.name);
    }
  }
  return dependents;
}

function closure(
  names: Iterable<string>,
  byName: ReadonlyMap<string, GraphNode>,
  next: (name: string) => Iterable<string> | undefined,
): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name) || !byName.has(name)) continue;
    found.add(name);
    open.push(...(next(name) ?? []));
  }
  return found;
}
