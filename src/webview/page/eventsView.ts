import type { DashboardEvent } from '../messages.ts';
import type { PageContext } from './context.ts';
import { make } from './dom.ts';
import { stateIcon } from './icons.ts';

/** What happened, the newest first. */
export class EventsView {
  readonly element: HTMLElement;
  readonly #context: PageContext;
  readonly #list: HTMLElement;
  #shown: readonly DashboardEvent[] = [];

  constructor(context: PageContext) {
    this.#context = context;
    this.#list = make('ol', {
      className: 'events',
      attributes: { 'aria-label': context.words.events },
    });
    this.element = make('div', {}, this.#list);
  }

  draw(): void {
    const { model, words } = this.#context;
    const events = model.events.filter((event) => {
      const folder = model.row(event.id)?.folder;
      return folder === undefined || model.isShown({ folder });
    });
    const known = new Set(this.#shown);
    const fresh = events.filter((event) => !known.has(event));
    const isPlain = fresh.length > 0 && events[fresh.length] === this.#shown[0];
    if (events.length === 0) {
      this.#list.replaceChildren(make('li', { className: 'empty', text: words.noEvents }));
    } else if (isPlain && this.#shown.length > 0) {
      this.#list.prepend(...fresh.map((event) => this.#entry(event)));
      while (this.#list.childElementCount > events.length) this.#list.lastElementChild?.remove();
    } else if (fresh.length > 0 || events.length !== this.#shown.length) {
      this.#list.replaceChildren(...events.map((event) => this.#entry(event)));
    }
    this.#shown = events;
  }

  #entry({ atMs, id, name, state, text }: DashboardEvent): HTMLElement {
    const at = new Date(atMs);
    const who = make('button', { className: 'link', text: name, attributes: { type: 'button' } });
    who.addEventListener('click', () => this.#context.select(id));
    return make(
      'li',
      {},
      make('time', {
        text: at.toTimeString().slice(0, 8),
        attributes: { datetime: at.toISOString() },
      }),
      stateIcon(state),
      who,
      make('span', { className: 'text', text }),
    );
  }
}
