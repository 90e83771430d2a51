import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Browser, Locator, Page } from 'playwright-core';

import { until } from '../../test/support/until.ts';
import { artifactsFolder } from './paths.ts';
import type { CodeServer } from './server.ts';
import { type WorkbenchOptions, workbenchUrl } from './workbenchUrl.ts';

/** One visible row of the tree in the side bar. */
export interface TreeRow {
  readonly label: string;
  readonly description: string;
  /** What a screen reader says. */
  readonly spoken: string;
  /** 1 for the top level. */
  readonly level: number;
}

export interface StatusItem {
  readonly id: string;
  readonly text: string;
  readonly spoken: string;
}

/** A window of VS Code, driven as a person would: by what is on the screen. */
export class Workbench {
  readonly page: Page;
  readonly #server: CodeServer;

  private constructor(page: Page, server: CodeServer) {
    this.page = page;
    this.#server = server;
  }

  static async open(
    browser: Browser,
    server: CodeServer,
    options: WorkbenchOptions,
  ): Promise<Workbench> {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      colorScheme: options.theme ?? 'dark',
    });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await options.prepare?.(page);
    page.setDefaultTimeout(90_000);
    const workbench = new Workbench(page, server);
    await page.goto(workbenchUrl(server, options));
    await workbench.#ready();
    return workbench;
  }

  /** Shows the view container of this title in the side bar. */
  async openView(title: string): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name: title });
    const shown = this.page.locator('.part.sidebar .pane-body').first();
    const isOpen = async (): Promise<boolean> =>
      (await tab.getAttribute('aria-selected')) === 'true' && (await shown.isVisible());
    // A window that comes up may open the view by itself, and a click then closes it.
    for (let tries = 0; tries < 10 && !(await isOpen()); tries += 1) {
      await tab.click();
      await until('the view', isOpen, 2000).catch(() => undefined);
    }
    await this.#leaveHover();
  }

  async rows(): Promise<TreeRow[]> {
    return this.page.evaluate<TreeRow[]>(`
      [...document.querySelectorAll('.part.sidebar .monaco-list-row[role=treeitem]')]
        .sort((a, b) => Number(a.dataset.index) - Number(b.dataset.index))
        .map((row) => ({
          label: row.querySelector('.label-name')?.textContent ?? '',
          description: row.querySelector('.label-description')?.textContent ?? '',
          spoken: row.getAttribute('aria-label') ?? '',
          level: Number(row.getAttribute('aria-level')),
        }))`);
  }

  row(label: string): Locator {
    const name = this.page.locator('.label-name').getByText(label, { exact: true });
    return this.page.locator('.part.sidebar .monaco-list-row[role=treeitem]', { has: name });
  }

  /** Waits until the row with this label satisfies the condition. */
  async waitForRow(
    label: string,
    condition: (row: TreeRow) => boolean = () => true,
    limitMs = 90_000,
  ): Promise<TreeRow> {
    return until(
      `a row "${label}"`,
      async () => (await this.rows()).find((row) => row.label === label && condition(row)),
      limitMs,
      { everyMs: 50, describe: async () => `There were: ${JSON.stringify(await this.rows())}` },
    );
  }

  /** Clicks one of the buttons that appear on a row under the pointer. */
  async clickRowAction(label: string, action: string): Promise<void> {
    const row = this.row(label);
    await row.hover();
    await row.getByRole('button', { name: action }).click();
  }

  /** Chooses from the context menu of a row. */
  async chooseFromRowMenu(label: string, entry: string): Promise<void> {
    await this.row(label).click({ button: 'right' });
    const item = this.page.getByRole('menuitem', { name: entry }).first();
    await item.waitFor();
    // A menu takes no click in the first moments after it opened, and then stays.
    const isGone = async (): Promise<boolean> => !(await item.isVisible());
    for (let tries = 0; tries < 10 && !(await isGone()); tries += 1) {
      await item.click({ timeout: 5000 }).catch(() => undefined);
      await until('the end of the menu', isGone, 2000).catch(() => undefined);
    }
  }

  /** Clicks a button in the title of the side bar's view. */
  async clickViewAction(action: string): Promise<void> {
    const title = this.page.locator('.part.sidebar .composite.title, .part.sidebar .pane-header');
    await this.page.locator('.part.sidebar').hover({ position: { x: 100, y: 15 } });
    await title.getByRole('button', { name: action }).first().click();
    await this.#leaveHover();
  }

  /** Which of the buttons that start and stop everything are in the title of the view. */
  async viewActions(): Promise<string[]> {
    const title = this.page.locator('.part.sidebar .composite.title, .part.sidebar .pane-header');
    await this.page.locator('.part.sidebar').hover({ position: { x: 100, y: 15 } });
    const names = ['Start All', 'Stop All', 'Restart All'];
    const isThere = names.map((name) => title.getByRole('button', { name }).first().isVisible());
    const found = await Promise.all(isThere);
    return names.filter((_, index) => found[index]);
  }

  /** Runs a command by what the palette calls it, as in "Dev Env: Start All". */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input[type=text]').first();
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.chooseQuickPick(title);
  }

  /** Chooses from the open quick pick the first entry whose label is this. */
  async chooseQuickPick(label: string): Promise<void> {
    const entry = this.page
      .locator('.quick-input-widget .monaco-list-row')
      .filter({ has: this.page.locator('.label-name').getByText(label, { exact: true }) });
    await entry.first().click();
  }

  /** The labels in the open quick pick. */
  async quickPickLabels(): Promise<string[]> {
    const names = this.page.locator('.quick-input-widget .monaco-list-row .label-name');
    await names.first().waitFor();
    return names.allInnerTexts();
  }

  async statusItems(): Promise<StatusItem[]> {
    return this.page.evaluate<StatusItem[]>(`
      [...document.querySelectorAll('.statusbar-item')].map((item) => ({
        id: item.id,
        text: item.textContent.trim(),
        spoken: item.getAttribute('aria-label') ?? '',
      }))`);
  }

  /** The messages of the notifications that are on the screen. */
  async notifications(): Promise<string[]> {
    return this.page.locator('.notification-list-item-message').allInnerTexts();
  }

  /** Waits for a notification whose message matches, and clicks one of its buttons. */
  async answerNotification(message: RegExp, button: string): Promise<void> {
    const item = this.page.locator('.notification-list-item').filter({ hasText: message });
    await item.getByRole('button', { name: button, exact: true }).click();
  }

  /** Waits for a modal dialog whose text matches, and clicks one of its buttons. */
  async answerDialog(message: RegExp, button: string): Promise<void> {
    const dialog = this.page.locator('.monaco-dialog-box').filter({ hasText: message });
    await dialog.getByRole('button', { name: button, exact: true }).click();
  }

  /** Saves what is on the screen as `artifacts/NAME.png` and gives back the path. */
  async screenshot(name: string): Promise<string> {
    await mkdir(artifactsFolder, { recursive: true });
    const path = join(artifactsFolder, `${name}.png`);
    await this.page.screenshot({ path, animations: 'disabled' });
    return path;
  }

  async setTheme(theme: 'dark' | 'light'): Promise<void> {
    await this.page.emulateMedia({ colorScheme: theme });
    const scheme = theme === 'dark' ? '.vs-dark' : '.vs';
    await this.page.locator(`.monaco-workbench${scheme}`).waitFor();
  }

  /** Reloads the window: the old extension host ends, a new one starts; they may overlap. */
  async reload(): Promise<void> {
    await this.#announceUnload();
    await this.page.reload();
    await this.#ready();
  }

  /** Closes the window and waits until its extension host has ended. */
  async close(): Promise<void> {
    if (this.page.isClosed()) return;
    const before = this.#server.extensionHostPids().length;
    const hasEnded = (): boolean => this.#server.extensionHostPids().length < Math.max(before, 1);
    // More than once, since a window that is still coming up, or has unsaved files, refuses.
    for (let tries = 0; tries < 10 && !hasEnded(); tries += 1) {
      await this.#announceUnload();
      await until('its end', hasEnded, 1000, { everyMs: 50 }).catch(() => undefined);
    }
    await this.page.close();
    // Without a good-bye it waits for the page to come back, for the server's reconnection time.
    await until('the end of the extension host', hasEnded, 30_000, { everyMs: 50 });
  }

  /**
   * The workbench shuts down on `beforeunload`, with a last message to its extension host. A page
   * that goes at once may take that message with it, and the host would then wait for the page to
   * come back. So the event comes while the page still lives.
   */
  async #announceUnload(): Promise<void> {
    // Refused while something is still to be saved, as just after the start.
    await until(
      'the workbench to let the window go',
      () =>
        this.page.evaluate<boolean>(
          `window.dispatchEvent(new Event('beforeunload', { cancelable: true }))`,
        ),
      15_000,
    );
  }

  /** What appears under the pointer would stay in pictures, and before other things. */
  async #leaveHover(): Promise<void> {
    await this.page.mouse.move(700, 500);
  }

  async #ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .statusbar-item').first().waitFor();
    await this.page.locator('.activitybar [role=tab]').first().waitFor();
  }
}
