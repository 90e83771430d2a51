import { cpuText, memoryText } from '../../monitor/usageWords.ts';
import type { ActionName, DashboardSeries } from '../messages.ts';
import { fill } from '../words.ts';
import { Chart } from './chart.ts';
import type { PageContext } from './context.ts';
import { make, makeTable, setText } from './dom.ts';
import { actionIcon, setStateIcon, stateIcon } from './icons.ts';

const shownActions: readonly ActionName[] = ['open', 'log', 'define'];
/** One row of the table stands for this long. */
const tableStepMs = 60_000;

/** One process, closely: why it is as it is, what it uses, and what it used. */
export class DetailView {
  readonly element: HTMLElement;
  readonly #context: PageContext;
  readonly #icon = stateIcon('stopped');
  readonly #title = make('h2', { attributes: { id: 'detail-title', tabindex: '-1' } });
  readonly #why = make('div', { className: 'why' });
  readonly #output = make('pre', { className: 'output' });
  readonly #facts = make('dl');
  readonly #actions = make('div', { className: 'buttons' });
  readonly #charts: readonly Chart[];
  readonly #noCharts: HTMLElement;
  readonly #table: HTMLDetailsElement;
  #actionKey = '';

  constructor(context: PageContext) {
    this.#context = context;
    const { words } = context;
    this.#charts = [
      new Chart({ title: words.cpu, column: 'cpuPercent', toText: cpuText, least: 10 }),
      new Chart({
        title: words.memory,
        column: 'memoryBytes',
        toText: memoryText,
        least: 1024 * 1024,
      }),
    ];
    this.#noCharts = make('p', { className: 'empty', text: words.noMeasurements });
    this.#table = make(
      'details',
      { className: 'as-table' },
      make('summary', { text: words.asTable }),
    );
    this.#table.addEventListener('toggle', () => this.#drawTable());
    const close = make(
      'button',
      { className: 'icon-button', attributes: { type: 'button', 'aria-label': words.close } },
      actionIcon('close'),
    );
    close.title = words.close;
    close.addEventListener('click', () => context.select(undefined));
    this.element = make(
      'section',
      { className: 'card detail-card', attributes: { 'aria-labelledby': 'detail-title' } },
      make('header', {}, this.#icon, this.#title, this.#actions, close),
      this.#why,
      this.#output,
      this.#facts,
      this.#noCharts,
      make('div', { className: 'charts' }, ...this.#charts.map(({ element }) => element)),
      this.#table,
    );
    this.element.hidden = true;
  }

  draw(): void {
    const { model } = this.#context;
    const row = model.selected === undefined ? undefined : model.row(model.selected);
    this.element.hidden = row === undefined;
    if (row === undefined) return;
    setStateIcon(this.#icon, row.state);
    setText(this.#title, row.name);
    const { why, facts, output } = model.details;
    const plain = [row.stateWord, row.detail].filter((text) => text !== '').join(' · ');
    this.#why.replaceChildren(
      ...(why.length > 0 ? why : [plain]).map((text) => make('p', { text })),
    );
    setText(this.#output, output.join('\n'));
    this.#output.hidden = output.length === 0;
    this.#facts.replaceChildren(
      ...facts.flatMap(([label = '', value = '']) => [
        make('dt', { text: label }),
        make('dd', { text: value }),
      ]),
    );
    this.#drawActions(row.id, row.name, row.actions);
    const series = model.series;
    const hasSeries = series !== undefined && series.atMs.length > 1;
    this.#noCharts.hidden = hasSeries;
    this.#table.hidden = !hasSeries;
    for (const chart of this.#charts) chart.draw(hasSeries ? series : undefined);
    this.#drawTable();
  }

  /** Brings it into sight, and to the ears of those who do not see it. */
  show(): void {
    this.element.scrollIntoView({ block: 'nearest' });
    this.#title.focus({ preventScroll: true });
  }

  /** The colours are others now. */
  redrawCharts(): void {
    for (const chart of this.#charts) chart.rebuild();
  }

  #drawActions(id: string, name: string, actions: readonly ActionName[]): void {
    const { words, post } = this.#context;
    const shown = shownActions.filter((action) => actions.includes(action));
    const key = `${id} ${shown.join()}`;
    if (key === this.#actionKey) return;
    this.#actionKey = key;
    this.#actions.replaceChildren(
      ...shown.map((action) => {
        const label = fill(words.actionOf, words.action[action], name);
        const button = make(
          'button',
          { className: 'icon-button', attributes: { type: 'button', 'aria-label': label } },
          actionIcon(action),
        );
        button.title = words.action[action];
        button.addEventListener('click', () => post({ kind: 'act', action, id }));
        return button;
      }),
    );
  }

  #drawTable(): void {
    const { model, words } = this.#context;
    if (!this.#table.open || model.series === undefined) return;
    const rows = everyMinute(model.series).map(({ atMs, cpuPercent, memoryBytes }) => [
      new Date(atMs).toTimeString().slice(0, 5),
      cpuText(cpuPercent),
      memoryText(memoryBytes),
    ]);
    const [summary] = this.#table.children;
    const heads = [words.time, words.cpu, words.memory];
    if (summary !== undefined) {
      this.#table.replaceChildren(summary, makeTable(words.cpu, heads, rows));
    }
  }
}

/** The newest of each minute, newest first. */
function everyMinute({
  atMs,
  cpuPercent,
  memoryBytes,
}: DashboardSeries): { atMs: number; cpuPercent: number; memoryBytes: number }[] {
  const found: { atMs: number; cpuPercent: number; memoryBytes: number }[] = [];
  for (let i = atMs.length - 1; i >= 0; i -= 1) {
    const at = atMs[i] ?? 0;
    const last = found.at(-1);
    if (last !== undefined && last.atMs - at < tableStepMs) continue;
    found.push({ atMs: at, cpuPercent: cpuPercent[i] ?? 0, memoryBytes: memoryBytes[i] ?? 0 });
  }
  return found;
}
