import type {
  DashboardEvent,
  DashboardFolder,
  DashboardRow,
  DashboardSeries,
  DashboardTimeline,
  HostMessage,
} from './messages.ts';
import { sparklineLength } from './sparkline.ts';

/** As many as anyone reads. */
const maxEvents = 200;
/** A quarter of an hour at the full rate. */
const maxSeries = 450;

/** What the page has to draw again. */
export type Changed = 'rows' | 'order' | 'samples' | 'timelines' | 'events' | 'selection';

const everythingChanged: ReadonlySet<Changed> = new Set([
  'rows',
  'order',
  'samples',
  'timelines',
  'events',
  'selection',
]);

interface Recent {
  readonly cpuPercent: number[];
  readonly memoryBytes: number[];
}

/** What is known of the process that is looked at closely. */
export interface ProcessDetails {
  readonly why: readonly string[];
  readonly facts: readonly (readonly string[])[];
  readonly output: readonly string[];
}

const noDetails: ProcessDetails = { why: [], facts: [], output: [] };

/** All that the page knows. Takes messages, and says what they have changed; draws nothing. */
export class DashboardModel {
  folders: readonly DashboardFolder[] = [];
  events: readonly DashboardEvent[] = [];
  timelines: readonly DashboardTimeline[] = [];
  /** The folder that is shown; undefined for all. */
  folder: string | undefined;
  /** The row that is looked at closely. */
  selected: string | undefined;
  details: ProcessDetails = noDetails;
  series: DashboardSeries | undefined;
  /** Another number when other processes are there, or need others: not when states change. */
  structure = 0;
  readonly #rows = new Map<string, DashboardRow>();
  readonly #recent = new Map<string, Recent>();

  /** Of the shown folder, in order. */
  rows(): readonly DashboardRow[] {
    const all = [...this.#rows.values()];
    return this.folder === undefined ? all : all.filter((row) => row.folder === this.folder);
  }

  row(id: string): DashboardRow | undefined {
    return this.#rows.get(id);
  }

  recent(id: string): {
    readonly cpuPercent: readonly number[];
    readonly memoryBytes: readonly number[];
  } {
    return this.#recent.get(id) ?? { cpuPercent: [], memoryBytes: [] };
  }

  isShown({ folder }: { readonly folder: string }): boolean {
    return this.folder === undefined || this.folder === folder;
  }

  select(id: string | undefined): void {
    if (id === this.selected) return;
    this.selected = id;
    this.details = noDetails;
    this.series = undefined;
  }

  /** What is to be drawn again after this message. */
  take(message: HostMessage): ReadonlySet<Changed> {
    switch (message.kind) {
      case 'everything':
        return this.#takeEverything(message);
      case 'rows':
        for (const row of message.rows) this.#replace(row);
        this.events = [...message.events, ...this.events].slice(0, maxEvents);
        return new Set(message.events.length > 0 ? ['rows', 'events'] : ['rows']);
      case 'timelines':
        this.timelines = message.timelines;
        return new Set(['timelines']);
      case 'samples':
        for (const sample of message.samples) this.#addSample(message.atMs, sample);
        return new Set(['samples']);
      case 'history':
        this.#recent.set(message.id, {
          cpuPercent: message.series.cpuPercent.slice(-sparklineLength),
          memoryBytes: message.series.memoryBytes.slice(-sparklineLength),
        });
        if (message.id !== this.selected) return new Set(['samples']);
        this.series = message.series;
        return new Set(['samples', 'selection']);
      case 'details':
        if (message.id !== this.selected) return new Set();
        this.details = message;
        return new Set(['selection']);
      case 'select':
        this.select(message.id);
        return new Set(['rows', 'selection']);
    }
  }

  #replace(row: DashboardRow): void {
    const before = this.#rows.get(row.id);
    if (before === undefined) return;
    if (needs(before) !== needs(row)) this.structure += 1;
    this.#rows.set(row.id, row);
  }

  #takeEverything(message: HostMessage & { readonly kind: 'everything' }): ReadonlySet<Changed> {
    this.folders = message.folders;
    this.events = message.events.slice(0, maxEvents);
    this.timelines = message.timelines;
    this.structure += 1;
    this.#rows.clear();
    for (const row of message.rows) this.#rows.set(row.id, row);
    for (const id of this.#recent.keys()) if (!this.#rows.has(id)) this.#recent.delete(id);
    // After a reload the files are still to be read: what was chosen is on its way.
    if (message.rows.length === 0) return everythingChanged;
    if (this.folder !== undefined && !this.folders.some(({ id }) => id === this.folder)) {
      this.folder = undefined;
    }
    if (this.selected !== undefined && !this.#rows.has(this.selected)) this.select(undefined);
    return everythingChanged;
  }

  #addSample(
    atMs: number,
    { id, cpuPercent, memoryBytes }: { id: string; cpuPercent: number; memoryBytes: number },
  ): void {
    let recent = this.#recent.get(id);
    if (recent === undefined) {
      recent = { cpuPercent: [], memoryBytes: [] };
      this.#recent.set(id, recent);
    }
    recent.cpuPercent.push(cpuPercent);
    recent.memoryBytes.push(memoryBytes);
    if (recent.cpuPercent.length > sparklineLength) {
      recent.cpuPercent.shift();
      recent.memoryBytes.shift();
    }
    if (id !== this.selected || this.series === undefined) return;
    const { series } = this;
    this.series = {
      atMs: [...series.atMs, atMs].slice(-maxSeries),
      cpuPercent: [...series.cpuPercent, cpuPercent].slice(-maxSeries),
      memoryBytes: [...series.memoryBytes, memoryBytes].slice(-maxSeries),
    };
  }
}

function needs({ dependsOn }: DashboardRow): string {
  return dependsOn.map(({ id }) => id).join('\n');
}
