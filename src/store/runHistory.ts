import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { systemErrorCode } from '../base/errors.ts';
import { writeAtomically } from './atomicFile.ts';
import type { StateFolder } from './stateFolder.ts';

/** Runs of a process that are remembered. */
const keptRuns = 50;

const finishedRunSchema = z.object({
  run: z.int().check(z.nonnegative()),
  runId: z.string(),
  startedAtMs: z.int(),
  /** From start to readiness; absent when it never became ready. */
  readyAfterMs: z.optional(z.number()),
  endedAtMs: z.int(),
  code: z.optional(z.int()),
  signal: z.optional(z.string()),
  /** `crash`, `itself` for an end that is none, or who asked for it (`you`, `watch`, `health`, …). */
  endedBy: z.optional(z.string()),
  /** In words. */
  why: z.string(),
});

/** One run that is over. */
export type FinishedRun = z.infer<typeof finishedRunSchema>;

/**
 * The last 50 runs of each process, as lines of JSON: a line broken by a crash costs only itself,
 * and the record, which is written at every transition, stays small.
 */
export class RunHistory {
  readonly #folder: StateFolder;
  /** Work on each process's file, one after the other. */
  readonly #queues = new Map<string, Promise<unknown>>();
  /** Lines in each file, once it is known. */
  readonly #lineCounts = new Map<string, number>();

  constructor(folder: StateFolder) {
    this.#folder = folder;
  }

  /**
   * Adds a run. One that is added again, because its host died in between, counts once. Rejects
   * with the system error when it cannot be written.
   */
  async add(process: string, run: FinishedRun): Promise<void> {
    await this.#inTurn(process, async () => {
      const file = this.#folder.historyPath(process);
      let lines = this.#lineCounts.get(process);
      if (lines === undefined) {
        await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
        lines = (await readRuns(file)).lines;
        // Ends a line that a crash may have broken off.
        if (lines > 0) await appendFile(file, '\n');
      }
      await appendFile(file, `${JSON.stringify(run)}\n`, { mode: 0o600 });
      lines += 1;
      if (lines >= 2 * keptRuns) {
        const { runs } = await readRuns(file);
        await writeAtomically(file, runs.map((kept) => `${JSON.stringify(kept)}\n`).join(''));
        lines = runs.length;
      }
      this.#lineCounts.set(process, lines);
    });
  }

  /** The last runs of a process, oldest first. Rejects only when the file cannot be read. */
  async read(process: string): Promise<readonly FinishedRun[]> {
    return this.#inTurn(process, async () => {
      const { runs } = await readRuns(this.#folder.historyPath(process));
      return runs;
    });
  }

  #inTurn<T>(process: string, work: () => Promise<T>): Promise<T> {
    const result = (this.#queues.get(process) ?? Promise.resolve()).then(work);
    this.#queues.set(
      process,
      result.catch(() => undefined),
    );
    return result;
  }
}

async function readRuns(file: string): Promise<{ runs: FinishedRun[]; lines: number }> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    text = '';
  }
  const lines = text.split('\n').filter((line) => line !== '');
  const runs = new Map<string, FinishedRun>();
  for (const line of lines) {
    const run = parseRun(line);
    if (run !== undefined) runs.set(run.runId, run);
  }
  return { runs: [...runs.values()].slice(-keptRuns), lines: lines.length };
}

function parseRun(line: string): FinishedRun | undefined {
  try {
    return finishedRunSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
