import type { Frame, Page } from 'playwright-core';
import { until } from '../support/until.ts';

export interface ShownRow {
  readonly name: string;
  readonly state: string;
  readonly text: string;
  readonly spoken: string;
}

export interface ToldMessage {
  readonly kind: string;
  /** Of the rows in it. */
  readonly names: readonly string[];
  /** Those of them that are in sight were drawn before anything else could come between. */
  readonly isDrawn: boolean;
}

/** The dashboard's own page, two frames deep in the workbench. */
export class DashboardPage {
  readonly frame: Frame;

  private constructor(frame: Frame) {
    this.frame = frame;
  }

  /** Waits until the page is there and shows processes. */
  static async find(page: Page): Promise<DashboardPage> {
    const frame = await until(
      'the page of the dashboard',
      async () => {
        for (const one of page.frames()) {
          const rows = await one
            .locator('#app .canvas .row')
            .count()
            .catch(() => 0);
          if (rows > 0) return one;
        }
        return undefined;
      },
      90_000,
      { everyMs: 50 },
    );
    return new DashboardPage(frame);
  }

  async rows(): Promise<ShownRow[]> {
    return this.frame.evaluate<ShownRow[]>(`
      [...document.querySelectorAll('.canvas .row')]
        .sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)
        .map((row) => ({
          name: row.querySelector('.name').textContent,
          state: row.dataset.state,
          text: row.innerText,
          spoken: row.ariaLabel,
        }))`);
  }

  async waitForRow(name: string, condition: (row: ShownRow) => boolean): Promise<ShownRow> {
    return until(
      `the row of ${name}`,
      async () => (await this.rows()).find((row) => row.name === name && condition(row)),
      90_000,
      { everyMs: 50, describe: async () => JSON.stringify(await this.rows()) },
    );
  }

  /** Begins to note what the page is told, and when a row changes. */
  async watch(): Promise<void> {
    await this.frame.evaluate(`
      window.seen = [];
      window.told = [];
      window.graph = document.querySelector('.graph > svg');
      window.addEventListener('message', ({ data }) => {
        const rows = data.rows ?? [];
        const shown = new Map(
          [...document.querySelectorAll('.canvas .row')].map((row) => [row.dataset.id, row.dataset]),
        );
        window.told.push({
          kind: data.kind,
          names: rows.map(({ name }) => name),
          isDrawn: rows.every(({ id, state }) => (shown.get(id)?.state ?? state) === state),
        });
      });
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const name = target.querySelector('.name').textContent;
          window.seen.push({ name, state: target.dataset.state, atMs: Date.now() });
        }
      }).observe(document.querySelector('.canvas'), {
        subtree: true, attributes: true, attributeFilter: ['data-state'],
      });`);
  }

  /**
   * The messages since then, the times in ms from a change to its row, and whether the picture of
   * the graph is the one that was there.
   */
  async watched(): Promise<{ told: ToldMessage[]; delays: number[]; isSameGraph: boolean }> {
    return this.frame.evaluate(`(() => {
      const times = [...document.querySelectorAll('.events li')]
        .map((item) => ({
          name: item.querySelector('button').textContent,
          state: item.querySelector('.icon').getAttribute('class').replace('icon state-', ''),
          atMs: Date.parse(item.querySelector('time').dateTime),
        }));
      const delays = window.seen.flatMap(({ name, state, atMs }) => {
        const event = times.find((one) => one.name === name && one.state === state);
        return event === undefined ? [] : [atMs - event.atMs];
      });
      return { told: window.told, delays, isSameGraph: window.graph.isConnected };
    })()`);
  }

  /**
   * How long it takes the page to be answered, in ms, five times: from the choice of a process to
   * its past, which the extension has at hand.
   */
  async roundTrips(): Promise<number[]> {
    return this.frame.evaluate(`(async () => {
      const times = [];
      const rows = [...document.querySelectorAll('.row[data-state=running]')];
      for (let i = 0; i < 5; i += 1) {
        const row = rows[i % rows.length];
        const fromMs = performance.now();
        const answered = new Promise((resolve) => {
          const hear = ({ data }) => {
            if (data.id !== row.dataset.id) return;
            window.removeEventListener('message', hear);
            resolve();
          };
          window.addEventListener('message', hear);
        });
        row.click();
        await answered;
        times.push(Math.round(performance.now() - fromMs));
      }
      return times;
    })()`);
  }

  async text(selector: string): Promise<string> {
    return this.frame.locator(selector).first().innerText();
  }

  /** Waits until the text of an element matches: its parts are drawn as they come. */
  async waitForText(selector: string, pattern: RegExp): Promise<void> {
    let text = '';
    await until(
      `${selector} with ${String(pattern)}`,
      async () => {
        text = await this.text(selector);
        return pattern.test(text);
      },
      60_000,
      { everyMs: 50, describe: () => text },
    );
  }
}
