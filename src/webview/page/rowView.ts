import { cpuText, memoryText } from '../../monitor/usageWords.ts';
import type { ActionName, DashboardRow } from '../messages.ts';
import { sparkline } from '../sparkline.ts';
import { fill } from '../words.ts';
import type { PageContext } from './context.ts';
import { make, makeSvg, setAttribute, setText } from './dom.ts';
import { actionIcon, setStateIcon, stateIcon } from './icons.ts';

const sparkWidth = 64;
const sparkHeight = 20;
/** What the height of a line stands for at least: a tenth of a core, 16 MB. */
const leastCpu = 10;
const leastMemory = 16 * 1024 * 1024;

const rowActions: readonly ActionName[] = ['start', 'stop', 'restart', 'log', 'explain'];
/** They stand for each other in the same place. */
const alternatives: Readonly<Partial<Record<ActionName, ActionName>>> = { start: 'stop' };

export interface RowPlace {
  readonly index: number;
  readonly top: number;
  readonly isActive: boolean;
  readonly isSelected: boolean;
}

/** One row of the table, drawn again in place. */
export class RowView {
  readonly element: HTMLElement;
  readonly #context: PageContext;
  readonly #icon = stateIcon('stopped');
  readonly #name = make('span', { className: 'name' });
  readonly #state = make('span', { className: 'state-word' });
  readonly #detail = make('div', { className: 'detail' });
  readonly #cpu = new Spark();
  readonly #memory = new Spark();
  readonly #port = make('button', { className: 'link', attributes: { type: 'button' } });
  readonly #portCell: HTMLElement;
  readonly #buttons = new Map<ActionName, HTMLButtonElement>();

  constructor(context: PageContext, id: string) {
    this.#context = context;
    const act = (action: ActionName): void => {
      if (action === 'explain') context.explain(id);
      else context.post({ kind: 'act', action, id });
    };
    this.#port.addEventListener('click', () => act('open'));
    const buttons = rowActions.map((action) => {
      const button = make(
        'button',
        { className: 'icon-button', attributes: { type: 'button' } },
        actionIcon(action),
      );
      button.addEventListener('click', () => act(action));
      this.#buttons.set(action, button);
      return button;
    });
    const cell = (index: number, ...children: readonly Node[]): HTMLElement =>
      make(
        'div',
        { className: `cell cell-${index}`, attributes: { role: 'gridcell' } },
        ...children,
      );
    this.#portCell = cell(3, this.#port);
    this.element = make(
      'div',
      { className: 'row', attributes: { role: 'row' } },
      cell(
        0,
        this.#icon,
        make('div', { className: 'what' }, make('div', {}, this.#name, this.#state), this.#detail),
      ),
      cell(1, this.#cpu.element),
      cell(2, this.#memory.element),
      this.#portCell,
      cell(4, ...buttons),
    );
    this.element.addEventListener('click', (event) => {
      const isButton = event.target instanceof Element && event.target.closest('button') !== null;
      if (!isButton) context.select(id);
    });
  }

  draw(
    row: DashboardRow,
    recent: { readonly cpuPercent: readonly number[]; readonly memoryBytes: readonly number[] },
    place: RowPlace,
  ): void {
    const { words } = this.#context;
    const { element } = this;
    element.style.transform = `translateY(${place.top}px)`;
    element.tabIndex = place.isActive ? 0 : -1;
    setAttribute(element, 'aria-rowindex', String(place.index + 2));
    setAttribute(element, 'aria-selected', String(place.isSelected));
    setAttribute(element, 'data-id', row.id);
    setAttribute(element, 'data-state', row.state);
    setStateIcon(this.#icon, row.state);
    setText(this.#name, row.name);
    setText(this.#state, row.stateWord);
    setText(this.#detail, row.detail);
    setAttribute(this.#detail, 'title', row.detail);
    const isUp = row.state === 'running' || row.state === 'starting' || row.state === 'stopping';
    const cpu = isUp ? recent.cpuPercent : [];
    const memory = isUp ? recent.memoryBytes : [];
    this.#cpu.draw(cpu, leastCpu, cpuText);
    this.#memory.draw(memory, leastMemory, memoryText);
    this.#drawPort(row);
    this.#drawButtons(row, place.isActive);
    const spoken = [row.name, row.stateWord, row.detail, this.#cpu.text, this.#memory.text];
    setAttribute(element, 'aria-label', spoken.filter((text) => text !== '').join(', '));
    setAttribute(element, 'aria-description', words.actions);
  }

  #drawPort({ port, url, name, actions }: DashboardRow): void {
    const text = port === undefined ? (url === undefined ? '' : 'URL') : `:${port}`;
    setText(this.#port, text);
    this.#port.hidden = text === '';
    this.#port.disabled = !actions.includes('open');
    setAttribute(this.#port, 'title', url);
    setAttribute(
      this.#port,
      'aria-label',
      fill(this.#context.words.actionOf, this.#context.words.action.open, name),
    );
  }

  #drawButtons({ actions, name }: DashboardRow, isActive: boolean): void {
    const { words } = this.#context;
    for (const [action, button] of this.#buttons) {
      const isThere = actions.includes(action);
      const other = alternatives[action];
      // Of start and stop one is shown; what is not possible now keeps its place.
      const isReplaced =
        (other !== undefined && !isThere && actions.includes(other)) ||
        (action === 'stop' && !isThere);
      button.hidden = isReplaced;
      button.disabled = !isThere;
      button.tabIndex = isActive ? 0 : -1;
      setAttribute(button, 'title', words.action[action]);
      setAttribute(button, 'aria-label', fill(words.actionOf, words.action[action], name));
    }
  }
}

/** A number with the line of its recent past. */
class Spark {
  readonly #line = makeSvg('path', { class: 'spark-line' });
  readonly #number = make('span', { className: 'number' });
  readonly element = make(
    'div',
    { className: 'spark' },
    makeSvg(
      'svg',
      {
        viewBox: `0 -1 ${sparkWidth} ${sparkHeight + 2}`,
        width: String(sparkWidth),
        height: String(sparkHeight + 2),
        'aria-hidden': 'true',
      },
      this.#line,
    ),
    this.#number,
  );
  text = '';

  draw(values: readonly number[], least: number, toText: (value: number) => string): void {
    const last = values.at(-1);
    this.text = last === undefined ? '' : toText(last);
    setText(this.#number, this.text);
    setAttribute(this.#line, 'd', sparkline(values, sparkWidth, sparkHeight, least));
  }
}
