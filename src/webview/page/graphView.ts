import {
  type GraphEdge,
  graphKey,
  type GraphLayout,
  graphPart,
  layOutGraph,
  nodeSize,
  type Point,
} from '../graphLayout.ts';
import type { DashboardRow } from '../messages.ts';
import { fill } from '../words.ts';
import type { PageContext } from './context.ts';
import { make, makeSvg, makeTable, setAttribute, setText } from './dom.ts';
import { setStateIcon, stateIcon } from './icons.ts';

/** Names are cut where they would leave their box; the whole is in the tooltip. */
const maxNameLength = 16;

interface NodeView {
  readonly element: SVGGElement;
  readonly icon: SVGSVGElement;
  readonly state: SVGTextElement;
  readonly title: SVGTitleElement;
}

/** The graph of dependencies, with the states as they are, and what waits for what. */
export class GraphView {
  readonly element: HTMLElement;
  readonly #context: PageContext;
  readonly #picture = make('div', { className: 'graph' });
  readonly #note = make('p', { className: 'empty' });
  readonly #table = make('details', { className: 'as-table' });
  readonly #nodes = new Map<string, NodeView>();
  readonly #edges = new Map<string, SVGPathElement>();
  #layout: GraphLayout | undefined;
  /** What decided which part is drawn, and how that part is laid out. */
  #part = '';
  #key: string | undefined;

  constructor(context: PageContext) {
    this.#context = context;
    this.element = make('div', {}, this.#note, this.#picture, this.#table);
    this.#table.addEventListener('toggle', () => this.#drawTable());
  }

  /** Looks for other processes and other dependencies, and lays out the graph only then. */
  draw(): void {
    const { model } = this.#context;
    const { structure, folder, selected } = model;
    const part = JSON.stringify([structure, folder, selected]);
    if (part !== this.#part) {
      this.#part = part;
      this.#choose();
    }
    this.drawStates();
    this.#drawTable();
  }

  /** The states of what is drawn already, which is quick. */
  drawStates(): void {
    const { model } = this.#context;
    this.#update([...this.#nodes.keys()].flatMap((id) => model.row(id) ?? []));
  }

  #choose(): void {
    const { model, words } = this.#context;
    const connected = withConnections(model.rows());
    const { nodes, isWhole } = graphPart(connected, model.selected);
    const isAny = connected.length > 0;
    setText(
      this.#note,
      !isAny ? words.noDependencies : isWhole ? '' : fill(words.graphTooLarge, connected.length),
    );
    this.#note.hidden = this.#note.textContent === '';
    this.#table.hidden = !isAny;
    const key = graphKey(nodes);
    if (key === this.#key) return;
    this.#key = key;
    this.#build(nodes);
  }

  #build(rows: readonly DashboardRow[]): void {
    this.#nodes.clear();
    this.#edges.clear();
    this.#picture.replaceChildren();
    this.#layout = rows.length === 0 ? undefined : layOutGraph(rows);
    if (this.#layout === undefined) return;
    const { width, height, nodes, edges } = this.#layout;
    const svg = makeSvg('svg', {
      viewBox: `0 0 ${width} ${height}`,
      width: String(width),
      height: String(height),
      role: 'group',
      'aria-label': this.#context.words.dependencies,
    });
    svg.append(
      makeSvg(
        'defs',
        {},
        makeSvg(
          'marker',
          {
            ...{ id: 'arrow', viewBox: '0 0 8 8', refX: '7', refY: '4' },
            ...{
              markerWidth: '8',
              markerHeight: '8',
              markerUnits: 'userSpaceOnUse',
              orient: 'auto',
            },
          },
          makeSvg('path', { d: 'M0 0L8 4L0 8z', class: 'arrow' }),
        ),
      ),
    );
    for (const edge of edges) {
      const path = makeSvg('path', { d: edgePath(edge), 'marker-end': 'url(#arrow)' });
      this.#edges.set(`${edge.from}\n${edge.to}`, path);
      svg.append(path);
    }
    for (const row of rows) {
      const place = nodes.get(row.id);
      if (place !== undefined) svg.append(this.#makeNode(row, place));
    }
    this.#picture.append(svg);
  }

  #makeNode(row: DashboardRow, { x, y }: Point): SVGGElement {
    const { width, height } = nodeSize;
    const icon = stateIcon(row.state);
    for (const [name, value] of Object.entries({ x: '8', y: '12', width: '16', height: '16' })) {
      icon.setAttribute(name, value);
    }
    const isLong = row.name.length > maxNameLength;
    const name = makeSvg('text', { x: '32', y: '17', class: 'node-name' });
    name.textContent = isLong ? `${row.name.slice(0, maxNameLength - 1)}…` : row.name;
    const state = makeSvg('text', { x: '32', y: '31', class: 'node-state' });
    const title = makeSvg('title');
    const element = makeSvg(
      'g',
      {
        transform: `translate(${x - width / 2} ${y - height / 2})`,
        tabindex: '0',
        role: 'button',
      },
      title,
      makeSvg('rect', { width: String(width), height: String(height), rx: '4' }),
      icon,
      name,
      state,
    );
    const choose = (): void => this.#context.select(row.id);
    element.addEventListener('click', choose);
    element.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      choose();
    });
    this.#nodes.set(row.id, { element, icon, state, title });
    return element;
  }

  #update(rows: readonly DashboardRow[]): void {
    const { selected } = this.#context.model;
    for (const row of rows) {
      const view = this.#nodes.get(row.id);
      if (view !== undefined) {
        setStateIcon(view.icon, row.state);
        setText(view.state, row.stateWord);
        const spoken = [row.name, row.stateWord, row.detail].filter((text) => text !== '');
        setText(view.title, spoken.join(', '));
        setAttribute(view.element, 'aria-label', spoken.join(', '));
        const isSelected = row.id === selected ? ' selected' : '';
        setAttribute(view.element, 'class', `node is-${row.state}${isSelected}`);
      }
      for (const { id, isMet } of row.dependsOn) {
        const edge = this.#edges.get(`${id}\n${row.id}`);
        const isWaiting = !isMet && row.state === 'waiting';
        const className = isWaiting ? 'edge waiting' : isMet ? 'edge met' : 'edge';
        if (edge !== undefined) setAttribute(edge, 'class', className);
      }
    }
  }

  /** What the picture shows, in words. */
  #drawTable(): void {
    const { words, model } = this.#context;
    const summary = make('summary', { text: words.asTable });
    if (this.#table.firstElementChild === null) this.#table.append(summary);
    if (!this.#table.open) return;
    const rows = model
      .rows()
      .flatMap((row) =>
        row.dependsOn.map(({ id, condition, isMet }) => [
          row.name,
          model.row(id)?.name ?? id,
          condition,
          isMet ? words.met : words.notMet,
        ]),
      );
    const heads = [words.process, words.needs, words.condition, words.state];
    const table = makeTable(words.dependencies, heads, rows);
    this.#table.replaceChildren(this.#table.firstElementChild ?? summary, table);
  }
}

/** Processes that neither need anything nor are needed say nothing in a graph. */
function withConnections(rows: readonly DashboardRow[]): readonly DashboardRow[] {
  const needed = new Set(rows.flatMap((row) => row.dependsOn.map(({ id }) => id)));
  return rows.filter((row) => row.dependsOn.length > 0 || needed.has(row.id));
}

/** Straight pieces with round corners. */
function edgePath({ points }: GraphEdge): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const last = rest.pop();
  let path = `M${first.x} ${first.y}`;
  for (const [index, point] of rest.entries()) {
    const next = rest[index + 1] ?? last ?? point;
    path += `Q${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}`;
  }
  return last === undefined ? path : `${path}L${last.x} ${last.y}`;
}
