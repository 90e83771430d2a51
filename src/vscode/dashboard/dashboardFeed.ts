import type { Clock } from '../../base/clock.ts';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import type { EnvironmentChange, EnvironmentController } from '../../controller/snapshot.ts';
import type { ProcessDetails } from '../../webview/dashboardModel.ts';
import type { DashboardTimeline, HostMessage } from '../../webview/messages.ts';
import { sparklineLength } from '../../webview/sparkline.ts';
import type { Environments, InFolder, ProcessRef } from '../environments.ts';
import type { FolderEnvironment } from '../folderEnvironment.ts';
import type { UsageWatch } from '../usageWatch.ts';
import { FeedRows, type MakeRow } from './feedRows.ts';
import { Gathering } from '../gathering.ts';
import type { RecentEvents } from './recentEvents.ts';
import { rowId } from './rowId.ts';
import { shownStart } from './shownStart.ts';

/** The first change after a quiet time is told at once; those after it together, in ms. */
export const rowTimes = { firstMs: 0, everyMs: 40 };
/** A picture of the whole, which may not hold up what has changed. */
export const timelineTimes = { firstMs: 100, everyMs: 250 };

export interface FeedSources {
  readonly environments: Pick<Environments, 'live' | 'onDidChange' | 'onDidChangeStatus'>;
  readonly events: Pick<RecentEvents, 'count' | 'since'>;
  readonly usage: Pick<UsageWatch, 'watch' | 'onDidMeasure'>;
  readonly clock: Clock;
  readonly makeRow: MakeRow;
  readonly detailsOf: (controller: EnvironmentController, name: string) => Promise<ProcessDetails>;
}

/**
 * Tells one page what happens, from when it listens until it is gone: states as they change, then
 * what is made of them, measurements of the rows it shows, and nothing while nothing happens.
 */
export class DashboardFeed implements Disposable {
  readonly #sources: FeedSources;
  readonly #post: (message: HostMessage) => void;
  readonly #store = new DisposableStore();
  readonly #rows: FeedRows;
  readonly #changes: Gathering;
  readonly #timelines: Gathering;
  #toldTimelines = '';
  #toldDetails = '';
  #seenEvents = 0;
  #isStructural = false;
  #looked: ReadonlySet<string> = new Set();
  #selected: string | undefined;

  constructor(sources: FeedSources, post: (message: HostMessage) => void) {
    const { environments, usage, clock } = sources;
    this.#sources = sources;
    this.#post = post;
    this.#rows = new FeedRows(sources.makeRow);
    this.#changes = this.#store.add(new Gathering(clock, rowTimes, () => this.#tell()));
    this.#timelines = this.#store.add(
      new Gathering(clock, timelineTimes, () => this.#tellTimelines()),
    );
    this.#store.add(usage.watch());
    this.#store.add(environments.onDidChange((change) => this.#onChange(change)));
    this.#store.add(environments.onDidChangeStatus(() => this.#tellEverythingSoon()));
    this.#store.add(usage.onDidMeasure((environment) => this.#onMeasure(environment)));
    this.#tellEverything();
  }

  /** The process that the page means; undefined for one that it cannot know. */
  find(id: string): ProcessRef | undefined {
    return this.#rows.find(id);
  }

  /** The page shows these rows now. */
  look(ids: readonly string[]): void {
    const before = this.#looked;
    this.#looked = new Set(ids.filter((id) => this.find(id) !== undefined));
    for (const id of this.#looked) if (!before.has(id)) this.#tellHistory(id, sparklineLength);
  }

  /** The page shows this one closely. */
  select(id: string | undefined): void {
    this.#selected = id;
    this.#toldDetails = '';
    if (id === undefined || this.find(id) === undefined) return;
    this.#tellHistory(id);
    void this.#tellDetails(id);
  }

  dispose(): void {
    this.#store.dispose();
  }

  #onChange({ environment, event }: InFolder<EnvironmentChange>): void {
    this.#isStructural ||= event.isStructural;
    for (const name of event.names) this.#rows.change(environment, name);
    this.#changes.wish();
    this.#timelines.wish();
  }

  #tellEverythingSoon(): void {
    this.#isStructural = true;
    this.#changes.wish();
  }

  #tell(): void {
    if (this.#isStructural) this.#tellEverything();
    else this.#tellChanges();
  }

  #tellEverything(): void {
    const { environments, events } = this.#sources;
    this.#isStructural = false;
    this.#looked = new Set();
    const live = environments.live();
    const rows = this.#rows.all(live);
    const timelines = this.#shownStarts();
    this.#toldTimelines = JSON.stringify(timelines);
    this.#seenEvents = events.count;
    this.#post({
      kind: 'everything',
      folders: live.map(({ folder, owner }) => ({
        id: folder.uri.toString(),
        name: folder.name,
        note: owner,
      })),
      rows,
      events: events.since(0),
      timelines,
    });
  }

  #tellChanges(): void {
    const { events } = this.#sources;
    const selected = this.#selected;
    const isSelectedChanged = selected !== undefined && this.#rows.hasChanged(selected);
    const rows = this.#rows.fresh();
    const fresh = events.since(this.#seenEvents);
    this.#seenEvents = events.count;
    if (rows.length > 0 || fresh.length > 0) this.#post({ kind: 'rows', rows, events: fresh });
    if (isSelectedChanged) void this.#tellDetails(selected);
  }

  #tellTimelines(): void {
    const timelines = this.#shownStarts();
    const text = JSON.stringify(timelines);
    if (text === this.#toldTimelines) return;
    this.#toldTimelines = text;
    this.#post({ kind: 'timelines', timelines });
  }

  #onMeasure(environment: FolderEnvironment): void {
    const shown = new Set(this.#looked);
    if (this.#selected !== undefined) shown.add(this.#selected);
    let atMs = 0;
    const samples = [...shown].flatMap((id) => {
      const ref = this.find(id);
      if (ref?.environment !== environment) return [];
      const usage = environment.controller?.usage.of(ref.name);
      if (usage?.cpuPercent === undefined) return [];
      atMs = usage.atMs;
      return [{ id, cpuPercent: usage.cpuPercent, memoryBytes: usage.memoryBytes }];
    });
    if (samples.length > 0) this.#post({ kind: 'samples', atMs, samples });
    const selected = this.#selected;
    if (selected !== undefined && this.find(selected)?.environment === environment) {
      void this.#tellDetails(selected);
    }
  }

  #tellHistory(id: string, last?: number): void {
    const ref = this.find(id);
    if (ref === undefined || (last !== undefined && id === this.#selected)) return;
    const whole = ref.environment.controller?.usage.history(ref.name);
    if (whole === undefined || whole.atMs.length === 0) return;
    const sinceMs = this.#sources.clock.now() - quarterMs;
    const from = Math.max(
      whole.atMs.findIndex((atMs) => atMs >= sinceMs),
      last === undefined ? 0 : whole.atMs.length - last,
    );
    this.#post({
      kind: 'history',
      id,
      series: {
        atMs: whole.atMs.slice(from),
        cpuPercent: whole.cpuPercent.slice(from),
        memoryBytes: whole.memoryBytes.slice(from),
      },
    });
  }

  async #tellDetails(id: string): Promise<void> {
    const ref = this.find(id);
    const controller = ref?.environment.controller;
    if (ref === undefined || controller === undefined) return;
    const details = await this.#sources.detailsOf(controller, ref.name);
    const text = JSON.stringify(details);
    if (this.#selected !== id || this.#store.isDisposed || this.#toldDetails === text) return;
    this.#toldDetails = text;
    this.#post({ kind: 'details', id, ...details });
  }

  #shownStarts(): DashboardTimeline[] {
    return this.#sources.environments.live().flatMap((environment) => {
      const { controller } = environment;
      const start = controller && shownStart(controller);
      if (start === undefined) return [];
      const bars = start.bars.map((bar) => ({ ...bar, id: rowId(environment, bar.name) }));
      return [{ ...start, folder: environment.folder.uri.toString(), bars }];
    });
  }
}

/** What is shown closely, in ms. */
const quarterMs = 15 * 60_000;
