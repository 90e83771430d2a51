import type { Clock } from '../../base/clock.ts';
import { type Disposable, DisposableStore } from '../../base/disposable.ts';
import type { EnvironmentChange } from '../../controller/snapshot.ts';
import type { DashboardRow, DashboardTimeline, HostMessage } from '../../webview/messages.ts';
import { sparklineLength } from '../../webview/sparkline.ts';
import type { Environments, InFolder, ProcessRef } from '../environments.ts';
import type { FolderEnvironment } from '../folderEnvironment.ts';
import type { UsageWatch } from '../usageWatch.ts';
import { processDetails } from './processDetails.ts';
import { dashboardRow, rowId } from './dashboardRow.ts';
import type { RecentEvents } from './recentEvents.ts';
import { shownStart } from './shownStart.ts';

/** Changes this close together are one message, in ms. */
const gatherMs = 40;

export interface FeedSources {
  readonly environments: Environments;
  readonly events: RecentEvents;
  readonly usage: UsageWatch;
  readonly clock: Clock;
}

/**
 * Tells one page what happens, from when it listens until it is gone: changes soon after they come,
 * measurements of the rows it shows, and nothing while nothing happens.
 */
export class DashboardFeed implements Disposable {
  readonly #sources: FeedSources;
  readonly #post: (message: HostMessage) => void;
  readonly #store = new DisposableStore();
  /** Processes by the ids that the page knows; it can name no others. */
  readonly #refs = new Map<string, ProcessRef>();
  /** What the page shows of each, to say only what is new. */
  readonly #told = new Map<string, string>();
  readonly #changed = new Map<string, ProcessRef>();
  #toldTimelines = '';
  #toldDetails = '';
  #seenEvents = 0;
  #isStructural = false;
  #timer: Disposable | undefined;
  #looked: ReadonlySet<string> = new Set();
  #selected: string | undefined;

  constructor(sources: FeedSources, post: (message: HostMessage) => void) {
    const { environments, usage } = sources;
    this.#sources = sources;
    this.#post = post;
    this.#store.add(usage.watch());
    this.#store.add(environments.onDidChange((change) => this.#onChange(change)));
    this.#store.add(environments.onDidChangeStatus(() => this.#tellEverythingSoon()));
    this.#store.add(usage.onDidMeasure((environment) => this.#onMeasure(environment)));
    this.#store.add({ dispose: () => this.#timer?.dispose() });
    this.#tellEverything();
  }

  /** The process that the page means; undefined for one that it cannot know. */
  find(id: string): ProcessRef | undefined {
    return this.#refs.get(id);
  }

  /** The page shows these rows now. */
  look(ids: readonly string[]): void {
    const before = this.#looked;
    this.#looked = new Set(ids.filter((id) => this.#refs.has(id)));
    for (const id of this.#looked) if (!before.has(id)) this.#tellHistory(id, sparklineLength);
  }

  /** The page shows this one closely. */
  select(id: string | undefined): void {
    this.#selected = id;
    this.#toldDetails = '';
    if (id === undefined || !this.#refs.has(id)) return;
    this.#tellHistory(id);
    void this.#tellDetails(id);
  }

  dispose(): void {
    this.#store.dispose();
  }

  #onChange({ environment, event }: InFolder<EnvironmentChange>): void {
    this.#isStructural ||= event.isStructural;
    for (const name of event.names) this.#addChanged(environment, name);
    this.#tellSoon();
  }

  /** With those that need it: what they wait for is part of what is shown of them. */
  #addChanged(environment: FolderEnvironment, name: string): void {
    this.#changed.set(rowId(environment, name), { environment, name });
    for (const dependent of environment.controller?.process(name)?.dependents ?? []) {
      this.#changed.set(rowId(environment, dependent), { environment, name: dependent });
    }
  }

  #tellEverythingSoon(): void {
    this.#isStructural = true;
    this.#tellSoon();
  }

  #tellSoon(): void {
    this.#timer ??= this.#sources.clock.schedule(gatherMs, () => {
      this.#timer = undefined;
      if (this.#isStructural) this.#tellEverything();
      else this.#tellChanges();
    });
  }

  #tellEverything(): void {
    const { environments, events } = this.#sources;
    this.#isStructural = false;
    this.#changed.clear();
    this.#refs.clear();
    this.#told.clear();
    this.#looked = new Set();
    const live = environments.live();
    const rows = live.flatMap((environment) =>
      (environment.controller?.processes() ?? []).map((process) => {
        const row = dashboardRow(environment, process);
        this.#refs.set(row.id, { environment, name: process.name });
        this.#told.set(row.id, JSON.stringify(row));
        return row;
      }),
    );
    const timelines = this.#timelines();
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
    const rows: DashboardRow[] = [];
    for (const [id, { environment, name }] of this.#changed) {
      const process = environment.controller?.process(name);
      if (process === undefined) continue;
      const row = dashboardRow(environment, process);
      const text = JSON.stringify(row);
      if (this.#told.get(id) === text) continue;
      this.#told.set(id, text);
      rows.push(row);
    }
    if (this.#selected !== undefined && this.#changed.has(this.#selected)) {
      void this.#tellDetails(this.#selected);
    }
    this.#changed.clear();
    const fresh = events.since(this.#seenEvents);
    this.#seenEvents = events.count;
    if (rows.length > 0 || fresh.length > 0) this.#post({ kind: 'rows', rows, events: fresh });
    const timelines = this.#timelines();
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
      const ref = this.#refs.get(id);
      if (ref?.environment !== environment) return [];
      const usage = environment.controller?.usage.of(ref.name);
      if (usage?.cpuPercent === undefined) return [];
      atMs = usage.atMs;
      return [{ id, cpuPercent: usage.cpuPercent, memoryBytes: usage.memoryBytes }];
    });
    if (samples.length > 0) this.#post({ kind: 'samples', atMs, samples });
    const selected = this.#selected;
    if (selected !== undefined && this.#refs.get(selected)?.environment === environment) {
      void this.#tellDetails(selected);
    }
  }

  #tellHistory(id: string, last?: number): void {
    const ref = this.#refs.get(id);
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
    const ref = this.#refs.get(id);
    const controller = ref?.environment.controller;
    if (ref === undefined || controller === undefined) return;
    const details = await processDetails(controller, ref.name);
    const text = JSON.stringify(details);
    if (this.#selected !== id || this.#store.isDisposed || this.#toldDetails === text) return;
    this.#toldDetails = text;
    this.#post({ kind: 'details', id, ...details });
  }

  #timelines(): DashboardTimeline[] {
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
