import { dirname } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Clock } from '../base/clock.ts';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import type { Event } from '../base/emitter.ts';
import type { Logging } from '../config/model.ts';
import { plainLogging } from '../config/plainProcess.ts';
import { boundLogs } from '../store/boundLogs.ts';
import { fileSize } from '../store/fileSize.ts';
import { pruneLogs } from '../store/logFile.ts';
import { LogTimes } from '../store/logTimes.ts';
import type { RunEvent } from './snapshot.ts';

/** How often a log is looked at that grows, in ms; one at rest is looked at less and less often. */
const lookEveryMs = 1_000;
const maxPausedLooks = 8;

export interface LogKeeperOptions {
  readonly clock: Clock;
  readonly onDidRun: Event<RunEvent>;
  /** How the log of a process is to be kept; undefined for one that is gone. */
  readonly logging: (name: string) => Logging | undefined;
  /** A log passes its limit, because its head cannot be dropped here. Said once. */
  readonly onProblem: (message: string) => void;
}

/** A log that is being written. */
interface LivingLog {
  readonly name: string;
  readonly run: number;
  readonly logPath: string;
  readonly times: LogTimes;
  /** What it had at the last look, in bytes. */
  bytes: number;
  /** There is something to do as soon as it has more than this; undefined: find out. */
  actAtBytes: number | undefined;
  bounds: Logging;
  pausedLooks: number;
  looksToGo: number;
  isBusy: boolean;
}

/**
 * Keeps the logs of all processes within their bounds, while programs write them and after that, and
 * notes when they grew. It has a timer only while something runs.
 */
export class LogKeeper implements Disposable {
  readonly #options: LogKeeperOptions;
  readonly #store = new DisposableStore();
  readonly #living = new Map<string, LivingLog>();
  #timer: Disposable | undefined;
  #hasComplained = false;

  constructor(options: LogKeeperOptions) {
    this.#options = options;
    this.#store.add(options.onDidRun((event) => this.#onRun(event)));
  }

  dispose(): void {
    this.#store.dispose();
    this.#living.clear();
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  #onRun({ kind, name, run, logPath }: RunEvent): void {
    if (kind === 'ended') {
      if (this.#living.get(name)?.run === run) this.#living.delete(name);
      void this.#tidy(name, logPath);
      return;
    }
    this.#living.set(name, {
      name,
      run,
      logPath,
      times: new LogTimes(logPath),
      bytes: 0,
      actAtBytes: undefined,
      bounds: this.#options.logging(name) ?? plainLogging,
      pausedLooks: 0,
      looksToGo: 0,
      isBusy: false,
    });
    this.#lookLater();
  }

  /** What cannot be removed now is the next time. */
  async #tidy(name: string, logPath: string): Promise<void> {
    const folder = dirname(logPath);
    const bounds = this.#options.logging(name) ?? plainLogging;
    const livingRun = this.#living.get(name)?.run;
    await pruneLogs(folder).catch(() => []);
    await boundLogs(folder, { bounds, livingRun }).catch(() => undefined);
  }

  #lookLater(): void {
    if (this.#living.size === 0 || this.#store.isDisposed) return;
    this.#timer ??= this.#options.clock.schedule(lookEveryMs, () => {
      this.#timer = undefined;
      for (const log of this.#living.values()) void this.#look(log);
      this.#lookLater();
    });
  }

  async #look(log: LivingLog): Promise<void> {
    const bounds = this.#options.logging(log.name) ?? log.bounds;
    const isNew = bounds !== log.bounds;
    if (log.isBusy || (log.looksToGo-- > 0 && !isNew)) return;
    log.isBusy = true;
    try {
      await this.#keepWithin(log, bounds);
    } catch {
      // A disk that is full, a folder that has gone: the next look tries again.
    } finally {
      log.isBusy = false;
    }
  }

  async #keepWithin(log: LivingLog, bounds: Logging): Promise<void> {
    if (bounds !== log.bounds) log.actAtBytes = undefined;
    log.bounds = bounds;
    const bytes = writtenBytes(log.logPath);
    const hasGrown = bytes > log.bytes;
    // For whoever asks later for what was written since a time; at rest too, when it is all older.
    log.times.note(fileSize(log.logPath), this.#options.clock.now());
    log.bytes = bytes;
    log.pausedLooks = hasGrown ? 0 : Math.min(maxPausedLooks, log.pausedLooks + 1);
    log.looksToGo = log.pausedLooks;
    if (log.actAtBytes !== undefined && bytes <= log.actAtBytes) return;
    const { roomBytes, isOverBound } = await boundLogs(dirname(log.logPath), {
      bounds,
      livingRun: log.run,
    });
    if (isOverBound) this.#complain(log.name);
    log.actAtBytes = isOverBound ? Number.POSITIVE_INFINITY : bytes + roomBytes;
  }

  #complain(name: string): void {
    if (this.#hasComplained || this.#store.isDisposed) return;
    this.#hasComplained = true;
    this.#options.onProblem(
      l10n.t(
        'The log of {0} is larger than it may be: where it is kept, its beginning cannot be removed while it is written.',
        name,
      ),
    );
  }
}

/** Of all files that a run may write. */
function writtenBytes(logPath: string): number {
  const streams = ['stdout', 'stderr'].map((stream) => logPath.replace(/log$/, stream));
  return [logPath, ...streams].reduce((sum, file) => sum + fileSize(file), 0);
}
