import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { FileWatchSpec } from '../config/model.ts';
import { type FileChange, FileWatch } from './fileWatch.ts';
import type { TriggeredProcess } from './triggeredProcess.ts';
import { decideWatch } from './watchDecision.ts';
import { addRestart, isLoop, loopLength, type WatchRestart } from './watchLoop.ts';

/** The file watch of one armed process: restarts it when files change, and stops a loop of that. */
export class WatchTrigger implements Disposable {
  /** Resolves when changes are noticed. */
  readonly ready: Promise<void>;
  readonly #spec: FileWatchSpec;
  readonly #process: TriggeredProcess;
  readonly #onLoop: (file: string) => void;
  readonly #files: FileWatch;
  #row: readonly WatchRestart[] = [];
  #loopFile: string | undefined;
  #problem: string | undefined;
  /** What the last change did, in words. */
  #outcome: string | undefined;
  /** A change that came while the process was ending. */
  #later: FileChange | undefined;

  /** `loopFile`: an earlier host has found it to be changed by the process itself. */
  constructor(
    spec: FileWatchSpec,
    clock: Clock,
    process: TriggeredProcess,
    loopFile: string | undefined,
    onLoop: (file: string) => void,
  ) {
    this.#spec = spec;
    this.#process = process;
    this.#loopFile = loopFile;
    this.#onLoop = onLoop;
    this.#files = new FileWatch(spec, {
      clock,
      onChange: (change) => {
        this.#onChange(change);
      },
      onProblem: (message) => {
        this.#problem = message;
        process.announce();
      },
    });
    this.ready = this.#files.ready;
  }

  /** What the last change did, or why changes are not acted on. In words. */
  get note(): string | undefined {
    if (this.#loopFile !== undefined) return loopText(this.#loopFile);
    if (this.#problem !== undefined) {
      return l10n.t('its files cannot be watched: {0}', this.#problem);
    }
    return this.#outcome;
  }

  /** Somebody started or restarted the process: what was before counts no more. */
  reset(): void {
    this.#row = [];
    this.#loopFile = undefined;
    this.#outcome = undefined;
  }

  onStateChange(): void {
    const change = this.#later;
    if (change === undefined || this.#process.facts()?.state === 'stopping') return;
    this.#later = undefined;
    this.#onChange(change);
  }

  dispose(): void {
    this.#files.dispose();
  }

  #onChange(change: FileChange): void {
    const facts = this.#process.facts();
    if (facts === undefined || this.#loopFile !== undefined) return;
    const action = decideWatch(facts);
    if (action === 'later') this.#later ??= change;
    if (action === 'later' || action === 'nothing') return;
    const file = this.#nameOf(change.file);
    const detail = change.count === 1 ? file : l10n.t('{0} (and {1} more)', file, change.count - 1);
    const { stoppedNeed } = facts;
    if (stoppedNeed !== undefined) {
      this.#outcome = l10n.t(
        'not restarted though {0} changed, since it needs {1}, which you stopped',
        detail,
        stoppedNeed,
      );
      this.#process.announce();
      return;
    }
    const { startedAtMs = change.atMs } = facts;
    this.#row = addRestart(this.#row, { file, afterStartMs: change.atMs - startedAtMs });
    if (isLoop(this.#row)) {
      this.#loopFile = file;
      this.#onLoop(file);
      this.#process.giveUp(loopText(file));
      this.#process.announce();
      return;
    }
    this.#outcome = l10n.t('restarted because {0} changed', detail);
    if (action === 'start') this.#process.start('watch', detail);
    else this.#process.restart('watch', detail);
  }

  /** As one would write it in the file. */
  #nameOf(file: string): string {
    return path.relative(this.#spec.folder, file).split(path.sep).join('/');
  }
}

function loopText(file: string): string {
  return l10n.t(
    'watch loop: {0} changed right after each of {1} starts, so the process seems to write it itself. Add it to the ignored files of the watch',
    file,
    loopLength,
  );
}
