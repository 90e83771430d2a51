import type { Page } from 'playwright-core';

/** In ms; ends a measurement that fails. */
const patienceMs = 120_000;

/**
 * Runs in the page. It looks whenever the document has changed, so what it notes is the time at
 * which something came to be in the DOM, in ms since the epoch.
 */
const script = `
(() => {
  const watches = new Map();
  const times = {};
  const now = () => performance.timeOrigin + performance.now();
  const bench = globalThis.benchWatch = {
    pressedMs: 0,
    arm(name, condition) {
      delete times[name];
      watches.set(name, { condition, tell: [] });
      look();
    },
    when(name) {
      if (times[name] !== undefined) return times[name];
      return new Promise((resolve) => watches.get(name).tell.push(resolve));
    },
    rows() {
      return [...document.querySelectorAll('.part.sidebar .monaco-list-row[role=treeitem]')]
        .map((row) => row.getAttribute('aria-label') ?? '');
    },
    statusTexts() {
      return [...document.querySelectorAll('.statusbar-item')].map((item) => item.textContent.trim());
    },
  };
  function look() {
    for (const [name, { condition, tell }] of watches) {
      if (!condition()) continue;
      watches.delete(name);
      times[name] = now();
      for (const resolve of tell) resolve(times[name]);
    }
  }
  addEventListener('mousedown', (event) => {
    bench.pressedMs = performance.timeOrigin + event.timeStamp;
  }, true);
  new MutationObserver(() => { if (watches.size > 0) look(); }).observe(document,
    { subtree: true, childList: true, attributes: true, characterData: true });
})();`;

/** Conditions for a page. */
export const inPage = {
  /** A row is spoken like this. `pattern` is the source of a regular expression. */
  someRow: (pattern: string): string => `benchWatch.rows().some((row) => /${pattern}/.test(row))`,
  /** All rows on the screen are spoken like this, and there are some. */
  everyRow: (pattern: string): string =>
    `((rows) => rows.length > 0 && rows.every((row) => /${pattern}/.test(row)))(benchWatch.rows())`,
  /** Something in the status bar reads like this. */
  status: (pattern: string): string =>
    `benchWatch.statusTexts().some((text) => /${pattern}/.test(text))`,
};

/** Notes when something is shown, by the clock of the page, without asking it again and again. */
export class PageWatch {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  /** For a page that goes somewhere afterwards. The conditions are noted as `first0`, `first1`, … */
  static async start(page: Page, first: readonly string[] = []): Promise<PageWatch> {
    const arming = first.map((one, i) => `benchWatch.arm('first${i}', () => ${one});`).join('');
    // Frames have nothing to be looked at.
    await page.addInitScript(`if (globalThis === globalThis.top) { ${script} ${arming} }`);
    return new PageWatch(page);
  }

  /** From now on, looks for what the condition (an expression for the page) says. */
  async arm(name: string, condition: string): Promise<void> {
    await this.page.evaluate(`benchWatch.arm('${name}', () => ${condition})`);
  }

  /** When that came true, in ms since the epoch. */
  async when(name: string): Promise<number> {
    const seen = this.page.evaluate<number>(`benchWatch.when('${name}')`);
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), patienceMs);
    });
    const timeMs = await Promise.race([seen, tooLate]);
    clearTimeout(timer);
    if (timeMs !== undefined) return timeMs;
    // The page goes away with the window, and nobody waits for its answer then.
    seen.catch(() => undefined);
    const shown = await this.page.evaluate<string>(
      `JSON.stringify([benchWatch.statusTexts(), benchWatch.rows().slice(0, 8)])`,
    );
    throw new Error(`Not shown within ${patienceMs} ms: ${name}. There was ${shown}.`);
  }

  /** When the page began to be loaded, in ms since the epoch. */
  async navigatedMs(): Promise<number> {
    return this.page.evaluate<number>('performance.timeOrigin');
  }

  /** From the last press of the mouse to what was armed before it, in ms. */
  async sincePress(name: string): Promise<number> {
    return (await this.when(name)) - (await this.page.evaluate<number>('benchWatch.pressedMs'));
  }
}
