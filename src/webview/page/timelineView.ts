import type { DashboardTimeline } from '../messages.ts';
import { type DrawnBar, drawTimeline, scaleMarks, spanText } from '../timelineBars.ts';
import { fill } from '../words.ts';
import type { PageContext } from './context.ts';
import { make } from './dom.ts';

/** The last start of each environment: who waited, who worked, and what decided how long it took. */
export class TimelineView {
  readonly element = make('div');
  readonly #context: PageContext;

  constructor(context: PageContext) {
    this.#context = context;
  }

  draw(): void {
    const { model, words } = this.#context;
    const shown = model.timelines.filter((timeline) => model.isShown(timeline));
    if (shown.length === 0) {
      this.element.replaceChildren(make('p', { className: 'empty', text: words.noTimeline }));
      return;
    }
    this.element.replaceChildren(...shown.flatMap((timeline) => this.#parts(timeline)));
  }

  #parts(timeline: DashboardTimeline): Node[] {
    const { model, words } = this.#context;
    const { totalMs, bars } = drawTimeline(timeline, Date.now());
    const critical = bars.filter(({ bar }) => bar.isCritical).map(({ bar }) => bar.name);
    const isOver = timeline.endedAtMs !== undefined;
    const folder = model.folders.find(({ id }) => id === timeline.folder)?.name ?? '';
    const parts: Node[] = [];
    if (model.folders.length > 1) parts.push(make('h3', { text: folder }));
    const line = isOver
      ? fill(words.decidedBy, spanText(totalMs), critical.join(' → '))
      : fill(words.soFar, spanText(totalMs));
    if (critical.length > 0 || !isOver) parts.push(make('p', { className: 'note', text: line }));
    if (timeline.omitted > 0) {
      parts.push(make('p', { className: 'note', text: fill(words.omitted, timeline.omitted) }));
    }
    parts.push(
      make(
        'table',
        { className: 'timeline' },
        make('caption', { className: 'spoken', text: `${words.startUp} ${folder}` }),
        this.#head(totalMs),
        make('tbody', {}, ...bars.map((bar) => this.#row(bar))),
      ),
      this.#legend(),
    );
    return parts;
  }

  #head(totalMs: number): HTMLElement {
    const { words } = this.#context;
    const scale = make('div', { className: 'scale', attributes: { 'aria-hidden': 'true' } });
    for (const markMs of scaleMarks(totalMs)) {
      const part = markMs / totalMs;
      const mark = make('span', { text: spanText(markMs) });
      mark.style.left = `${part * 100}%`;
      // At the edges it would leave the picture.
      if (part > 0.9) mark.className = 'last';
      scale.append(mark);
    }
    const column = (text: string): HTMLElement =>
      make('th', { text, attributes: { scope: 'col' } });
    return make(
      'thead',
      {},
      make(
        'tr',
        {},
        column(words.process),
        make('th', { attributes: { scope: 'col', 'aria-label': words.time } }, scale),
        column(words.waited),
        column(words.took),
      ),
    );
  }

  #row({ bar, wait, work }: DrawnBar): HTMLElement {
    const { words } = this.#context;
    const track = make('div', { className: 'track', attributes: { 'aria-hidden': 'true' } });
    const piece = (className: string, { from, to }: { from: number; to: number }): void => {
      const element = make('div', { className });
      element.style.left = `${from * 100}%`;
      element.style.width = `${Math.max(0, to - from) * 100}%`;
      track.append(element);
    };
    if (wait.to > wait.from) piece('wait', wait);
    const kind = bar.hasFailed ? 'failed' : bar.isCritical ? 'critical' : '';
    if (work !== undefined) piece(`work ${kind}`.trim(), work);
    const waitedMs = (bar.startedAtMs ?? Date.now()) - bar.waitingFromMs;
    const tookMs =
      bar.startedAtMs === undefined || bar.upAtMs === undefined
        ? undefined
        : bar.upAtMs - bar.startedAtMs;
    const label = bar.isCritical ? `${bar.name} (${words.criticalSegment})` : bar.name;
    return make(
      'tr',
      {},
      make('th', { text: bar.name, attributes: { scope: 'row', 'aria-label': label } }),
      make('td', { className: 'bar' }, track),
      make('td', { className: 'number', text: waitedMs < 1 ? '' : spanText(waitedMs) }),
      make('td', { className: 'number', text: tookMs === undefined ? '…' : spanText(tookMs) }),
    );
  }

  #legend(): HTMLElement {
    const { words } = this.#context;
    const entry = (className: string, text: string): HTMLElement =>
      make('span', {}, make('i', { className }), document.createTextNode(text));
    return make(
      'p',
      { className: 'legend', attributes: { 'aria-hidden': 'true' } },
      entry('wait', words.waitingSegment),
      entry('work', words.startingSegment),
      entry('work critical', words.criticalSegment),
    );
  }
}
