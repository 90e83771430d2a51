import { graphlib, layout } from '@dagrejs/dagre';

export interface GraphNode {
  readonly id: string;
  readonly dependsOn: readonly { readonly id: string }[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  /** The centre of each node. */
  readonly nodes: ReadonlyMap<string, Point>;
  readonly edges: readonly GraphEdge[];
}

export interface GraphEdge {
  /** The dependency, and who needs it. */
  readonly from: string;
  readonly to: string;
  readonly points: readonly Point[];
}

export const nodeSize = { width: 150, height: 40 };

/** Of an edge, before it turns. */
const straight = 14;

/** More than these are neither laid out in a moment nor taken in by anyone. */
export const maxGraphNodes = 120;

/** Dependencies on the left, what needs them on the right. */
export function layOutGraph(nodes: readonly GraphNode[]): GraphLayout {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 46, marginx: 4, marginy: 4 });
  graph.setDefaultEdgeLabel(() => ({}));
  const known = new Set(nodes.map(({ id }) => id));
  for (const { id } of nodes) graph.setNode(id, { ...nodeSize });
  for (const { id, dependsOn } of nodes) {
    for (const dependency of dependsOn) {
      if (known.has(dependency.id)) graph.setEdge(dependency.id, id);
    }
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    nodes: new Map(
      nodes.map(({ id }) => {
        const { x, y } = graph.node(id) as Point;
        return [id, { x, y }];
      }),
    ),
    edges: graph.edges().map(({ v, w }) => {
      const { points = [] } = graph.edge(v, w) as { readonly points?: readonly Point[] };
      const from = graph.node(v) as Point;
      const to = graph.node(w) as Point;
      const between = points.slice(1, -1);
      return { from: v, to: w, points: [...sideOf(from, 1), ...between, ...sideOf(to, -1)] };
    }),
  };
}

/** Out of the middle of the right side (1), or into that of the left one (-1), straight. */
function sideOf({ x, y }: Point, direction: 1 | -1): readonly Point[] {
  const edgeX = x + (direction * nodeSize.width) / 2;
  const points = [
    { x: edgeX, y },
    { x: edgeX + direction * straight, y },
  ];
  return direction === 1 ? points : points.reverse();
}

/** What decides how a graph is laid out, and nothing of how its processes are. */
export function graphKey(nodes: readonly GraphNode[]): string {
  return JSON.stringify(nodes.map(({ id, dependsOn }) => [id, dependsOn.map((one) => one.id)]));
}

/**
 * What of a graph is drawn: all of it, or when that is too much what the chosen one needs and what
 * needs it, the nearest first.
 */
export function graphPart<Node extends GraphNode>(
  nodes: readonly Node[],
  chosen: string | undefined,
  max = maxGraphNodes,
): { readonly nodes: readonly Node[]; readonly isWhole: boolean } {
  if (nodes.length <= max) return { nodes, isWhole: true };
  if (chosen === undefined) return { nodes: [], isWhole: false };
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const dependents = new Map<string, string[]>();
  for (const { id, dependsOn } of nodes) {
    for (const dependency of dependsOn) {
      const known = dependents.get(dependency.id);
      if (known === undefined) dependents.set(dependency.id, [id]);
      else known.push(id);
    }
  }
  const found = new Set<string>();
  const needs = (id: string): string[] => byId.get(id)?.dependsOn.map((one) => one.id) ?? [];
  const walks = [
    { open: [chosen], next: needs },
    { open: [chosen], next: (id: string): string[] => dependents.get(id) ?? [] },
  ];
  const seen = walks.map(() => new Set<string>());
  while (walks.some(({ open }) => open.length > 0) && found.size < max) {
    for (const [index, walk] of walks.entries()) {
      const following: string[] = [];
      for (const id of walk.open) {
        if (seen[index]?.has(id) === true || !byId.has(id) || found.size >= max) continue;
        seen[index]?.add(id);
        found.add(id);
        following.push(...walk.next(id));
      }
      walk.open = following;
    }
  }
  return { nodes: nodes.filter(({ id }) => found.has(id)), isWhole: false };
}
