import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { bootedAtMs, isSameBoot } from '../process/boot.ts';
import { writeAtomically } from '../store/atomicFile.ts';
import type { StateFolder } from '../store/stateFolder.ts';

const entrySchema = z.object({
  /** A run that a schedule asked for, and that waits for the end of the present one. */
  isQueued: z.optional(z.union([z.boolean(), z.undefined()])),
  /** The next time of the schedule, as it was awaited. */
  nextMs: z.optional(z.union([z.number(), z.undefined()])),
  /** Changes of files are not acted on, since this one is changed by the process itself. */
  loopFile: z.optional(z.string()),
});

const bookSchema = z.object({
  version: z.literal(1),
  bootedAtMs: z.number(),
  armed: z.record(z.string(), entrySchema),
});

/** What is known of one armed process across hosts. */
export type TriggerEntry = z.infer<typeof entrySchema>;

/**
 * The processes that may be started by their triggers: those that somebody started and nobody
 * stopped. On disk, so that the next host knows. After a start of the machine nothing is armed.
 */
export class TriggerBook {
  readonly #file: string;
  #entries = new Map<string, TriggerEntry>();
  #writing: Promise<void> = Promise.resolve();
  #isWriteWanted = false;

  constructor(stateFolder: StateFolder) {
    this.#file = path.join(stateFolder.path, 'triggers.json');
  }

  /** Reads what an earlier host wrote. What cannot be read arms nothing. */
  async read(): Promise<void> {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    const { data } = bookSchema.safeParse(parseJson(text));
    if (data === undefined || !isSameBoot(data.bootedAtMs, bootedAtMs(Date.now()))) return;
    this.#entries = new Map([...Object.entries(data.armed), ...this.#entries]);
  }

  names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Undefined when the process is not armed. */
  get(name: string): TriggerEntry | undefined {
    return this.#entries.get(name);
  }

  /** Arms the process, or changes what is known of it; undefined disarms it. */
  set(name: string, entry: TriggerEntry | undefined): void {
    const before = this.#entries.get(name);
    if (JSON.stringify(before) === JSON.stringify(entry)) return;
    if (entry === undefined) this.#entries.delete(name);
    else this.#entries.set(name, entry);
    this.#write();
  }

  /** Resolves when all is on disk. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  #write(): void {
    if (this.#isWriteWanted) return;
    this.#isWriteWanted = true;
    this.#writing = this.#writing.then(async () => {
      this.#isWriteWanted = false;
      const book = {
        version: 1,
        bootedAtMs: bootedAtMs(Date.now()),
        armed: Object.fromEntries(this.#entries),
      };
      // That the folder cannot be written to is told by the records.
      await writeAtomically(this.#file, `${JSON.stringify(book)}\n`).catch(() => undefined);
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
