import 'uplot/dist/uPlot.min.css';
import './dashboard.css';
import { type Changed, DashboardModel } from '../dashboardModel.ts';
import { isHostMessage, type AllActionName, allActionNames } from '../messages.ts';
import { type DashboardWords, fill } from '../words.ts';
import type { PageContext } from './context.ts';
import { DetailView } from './detailView.ts';
import { make } from './dom.ts';
import { EventsView } from './eventsView.ts';
import { GraphView } from './graphView.ts';
import { actionIcon } from './icons.ts';
import { ProcessTable, SummaryLine } from './processTable.ts';
import { TimelineView } from './timelineView.ts';

interface PageState {
  readonly folder?: string;
  readonly selected?: string;
}

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): PageState | undefined;
  setState(state: PageState): void;
};

const host = acquireVsCodeApi();
const app = document.getElementById('app');
if (app === null) throw new Error('The page has no place for the dashboard.');
const words = JSON.parse(app.dataset['words'] ?? '{}') as DashboardWords;
const model = new DashboardModel();
const before = host.getState();
model.folder = before?.folder;
model.selected = before?.selected;

const context: PageContext = {
  model,
  words,
  post: (message) => {
    host.postMessage(message);
  },
  select: (id) => {
    if (id === model.selected) return;
    model.select(id);
    keep();
    host.postMessage({ kind: 'select', id });
    drawSoon(['rows', 'selection']);
  },
  explain: (id) => {
    context.select(id);
    detail.draw();
    detail.show();
  },
};

const table = new ProcessTable(context);
const summary = new SummaryLine();
const graph = new GraphView(context);
const timeline = new TimelineView(context);
const events = new EventsView(context);
const detail = new DetailView(context);
const folders = make('select', { attributes: { 'aria-label': words.folder } });
const notes = make('p', { className: 'note', attributes: { role: 'note' } });

folders.addEventListener('change', () => {
  model.folder = folders.value === '' ? undefined : folders.value;
  keep();
  drawSoon(['rows', 'order', 'timelines', 'events', 'selection']);
});

app.append(
  make(
    'header',
    { className: 'page-head' },
    make('h1', { text: words.title }),
    summary.element,
    folders,
    make('div', { className: 'buttons' }, ...allActionNames.map(allButton)),
  ),
  notes,
  make(
    'main',
    {},
    card('processes', words.processes, table.element),
    make(
      'div',
      { className: 'side' },
      detail.element,
      card('dependencies', words.dependencies, graph.element),
      card('start-up', words.startUp, timeline.element),
      card('events', words.events, events.element),
    ),
  ),
);

/** What is to be drawn with the next frame, and after it what takes longer. */
const waiting = new Set<Changed>();
const later = new Set<Changed>();

function drawSoon(changed: Iterable<Changed>): void {
  const isPlanned = waiting.size > 0;
  for (const one of changed) waiting.add(one);
  if (!isPlanned && waiting.size > 0) requestAnimationFrame(draw);
}

function draw(): void {
  const changed = new Set(waiting);
  waiting.clear();
  if (isAny(changed, 'order')) drawFolders();
  if (isAny(changed, 'rows', 'order', 'samples')) drawStates();
  const isPlanned = later.size > 0;
  for (const one of changed) later.add(one);
  // A frame of its own: a graph that is laid out may not hold up a state.
  if (!isPlanned && later.size > 0) setTimeout(drawRest);
}

/** What a person waits for. */
function drawStates(): void {
  drawSummary();
  table.draw();
  graph.drawStates();
}

function drawRest(): void {
  const changed = new Set(later);
  later.clear();
  if (isAny(changed, 'rows', 'order')) graph.draw();
  if (isAny(changed, 'timelines', 'order')) timeline.draw();
  if (isAny(changed, 'events', 'order')) events.draw();
  const isSelectedDrawn = model.selected !== undefined && isAny(changed, 'rows', 'samples');
  if (isSelectedDrawn || isAny(changed, 'selection', 'order')) detail.draw();
}

function isAny(changed: ReadonlySet<Changed>, ...some: readonly Changed[]): boolean {
  return some.some((one) => changed.has(one));
}

function drawSummary(): void {
  const rows = model.rows();
  const up = rows.filter(({ state }) => state === 'running' || state === 'completed').length;
  const failed = rows.filter(({ state }) => state === 'failed').length;
  const parts = [fill(words.upOf, up, rows.length)];
  if (failed > 0) parts.push(fill(words.failedCount, failed));
  summary.draw(parts.join(' · '));
}

function drawFolders(): void {
  folders.hidden = model.folders.length < 2;
  folders.replaceChildren(
    make('option', { text: words.allFolders, attributes: { value: '' } }),
    ...model.folders.map(({ id, name }) =>
      make('option', { text: name, attributes: { value: id } }),
    ),
  );
  folders.value = model.folder ?? '';
  const said = model.folders.flatMap(({ note }) => (note === undefined ? [] : [note]));
  notes.textContent = said.join(' ');
  notes.hidden = said.length === 0;
}

function card(id: string, title: string, content: HTMLElement): HTMLElement {
  return make(
    'section',
    { className: `card ${id}-card`, attributes: { 'aria-labelledby': `${id}-title` } },
    make('header', {}, make('h2', { text: title, attributes: { id: `${id}-title` } })),
    content,
  );
}

function allButton(action: AllActionName): HTMLElement {
  const button = make(
    'button',
    { className: 'button', attributes: { type: 'button' } },
    actionIcon(action),
    make('span', { text: words.allAction[action] }),
  );
  button.addEventListener('click', () => {
    host.postMessage({ kind: 'actAll', action, folder: model.folder });
  });
  return button;
}

function keep(): void {
  const { folder, selected } = model;
  host.setState({
    ...(folder === undefined ? {} : { folder }),
    ...(selected === undefined ? {} : { selected }),
  });
}

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (!isHostMessage(data)) return;
  const changed = model.take(data);
  if (data.kind === 'select') table.reveal(data.id);
  if (data.kind === 'select' || data.kind === 'everything') keep();
  if (data.kind === 'everything') {
    table.askAgain();
    if (model.selected !== undefined) host.postMessage({ kind: 'select', id: model.selected });
  }
  // Not with the next frame: a busy machine draws few, and states come gathered.
  if (data.kind === 'rows') drawStates();
  drawSoon(changed);
});

// The workbench marks the body with the kind of the theme, and gives it the colours.
new MutationObserver(() => detail.redrawCharts()).observe(document.body, {
  attributes: true,
  attributeFilter: ['class'],
});

host.postMessage({ kind: 'ready' });
