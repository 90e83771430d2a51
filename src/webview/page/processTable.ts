import type { DashboardRow } from '../messages.ts';
import { scrollToRow, visibleRows } from '../virtualRows.ts';
import type { PageContext } from './context.ts';
import { make, setAttribute, setText } from './dom.ts';
import { RowView } from './rowView.ts';

/** As in the style sheet. */
const rowHeight = 46;

/** The processes, of which only those in sight are in the page. */
export class ProcessTable {
  readonly element: HTMLElement;
  readonly #context: PageContext;
  readonly #scroller: HTMLElement;
  readonly #canvas: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #views = new Map<string, RowView>();
  #rows: readonly DashboardRow[] = [];
  #looked = '';
  /** The row that Tab comes to; arrows move it. */
  #active = 0;

  constructor(context: PageContext) {
    this.#context = context;
    const { words } = context;
    this.#canvas = make('div', { className: 'canvas', attributes: { role: 'presentation' } });
    this.#empty = make('p', { className: 'empty', text: words.noProcesses });
    this.#scroller = make(
      'div',
      { className: 'scroller', attributes: { role: 'presentation' } },
      this.#canvas,
    );
    const head = make(
      'div',
      { className: 'row head', attributes: { role: 'row' } },
      ...[words.process, words.cpu, words.memory, words.port, words.actions].map((text, index) =>
        make('div', {
          className: `cell cell-${index}`,
          text,
          attributes: { role: 'columnheader' },
        }),
      ),
    );
    this.element = make(
      'div',
      {
        className: 'process-table',
        attributes: { role: 'grid', 'aria-label': words.processes },
      },
      head,
      this.#scroller,
      this.#empty,
    );
    this.#scroller.addEventListener('scroll', () => this.#drawWindow(), { passive: true });
    this.#scroller.addEventListener('keydown', (event) => this.#onKey(event));
    new ResizeObserver(() => this.#drawWindow()).observe(this.#scroller);
  }

  /** Draws what has changed; cheap when nothing has. */
  draw(): void {
    this.#rows = this.#context.model.rows();
    this.#active = Math.min(this.#active, Math.max(0, this.#rows.length - 1));
    setAttribute(this.element, 'aria-rowcount', String(this.#rows.length + 1));
    this.#empty.hidden = this.#rows.length > 0;
    this.#canvas.style.height = `${this.#rows.length * rowHeight}px`;
    this.#drawWindow();
  }

  /** Brings the row of the selected process into sight. */
  reveal(id: string): void {
    const index = this.#rows.findIndex((row) => row.id === id);
    if (index < 0) return;
    this.#active = index;
    const { scrollTop, clientHeight } = this.#scroller;
    this.#scroller.scrollTop = scrollToRow(index, scrollTop, clientHeight, rowHeight);
    this.#drawWindow();
  }

  #drawWindow(): void {
    const { scrollTop, clientHeight } = this.#scroller;
    const { first, end } = visibleRows(scrollTop, clientHeight, rowHeight, this.#rows.length);
    const shown = this.#rows.slice(first, end);
    const ids = new Set(shown.map(({ id }) => id));
    for (const [id, view] of this.#views) {
      // What holds the keyboard stays, wherever it has been scrolled to.
      if (ids.has(id) || view.element.contains(document.activeElement)) continue;
      view.element.remove();
      this.#views.delete(id);
    }
    const { model } = this.#context;
    for (const [offset, row] of shown.entries()) {
      const index = first + offset;
      let view = this.#views.get(row.id);
      if (view === undefined) {
        view = new RowView(this.#context, row.id);
        this.#views.set(row.id, view);
        this.#canvas.append(view.element);
      }
      view.draw(row, model.recent(row.id), {
        index,
        top: index * rowHeight,
        isActive: index === this.#active,
        isSelected: row.id === model.selected,
      });
    }
    this.#look([...ids]);
  }

  /** Says which rows want samples, when they are others than before. */
  #look(ids: readonly string[]): void {
    const key = ids.join('\n');
    if (key === this.#looked) return;
    this.#looked = key;
    this.#context.post({ kind: 'look', ids });
  }

  /** What was asked for is no longer known to the other side. */
  askAgain(): void {
    this.#looked = '';
  }

  #onKey(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.#scroller.clientHeight / rowHeight) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -this.#rows.length,
      End: this.#rows.length,
    };
    const step = steps[event.key];
    const isOnRow = event.target instanceof Element && event.target.matches('.row');
    if (step !== undefined) {
      event.preventDefault();
      this.#moveTo(this.#active + step);
    } else if ((event.key === 'Enter' || event.key === ' ') && isOnRow) {
      event.preventDefault();
      this.#context.select(this.#rows[this.#active]?.id);
    }
  }

  #moveTo(index: number): void {
    const row = this.#rows[Math.max(0, Math.min(this.#rows.length - 1, index))];
    if (row === undefined) return;
    this.reveal(row.id);
    this.#views.get(row.id)?.element.focus({ preventScroll: true });
  }
}

/** Above the table: how many are up, and how many have failed. */
export class SummaryLine {
  readonly element = make('p', { className: 'summary', attributes: { role: 'status' } });

  draw(text: string): void {
    setText(this.element, text);
  }
}
