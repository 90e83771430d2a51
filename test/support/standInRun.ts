import type { ProcessModel } from '../../src/config/model.ts';
import type { ProcessRun } from '../../src/controller/processRun.ts';
import type { ProcessEvent } from '../../src/controller/state.ts';

/** What the one who plays the programs has to know of them. */
export interface StandInListener {
  onSpawn(run: StandInRun): void;
}

/**
 * A run without a program: it reports what it is told to, when it is told to. `stage` is the truth
 * about the program that it stands for.
 */
export class StandInRun implements ProcessRun {
  readonly id = 'stand-in';
  readonly definitionHash = '';
  readonly logPath = undefined;
  readonly exitFile = undefined;
  readonly identity = undefined;
  readonly launch = undefined;
  readonly sighting = undefined;
  readonly healthReason = undefined;
  readonly spawned = Promise.resolve();
  readonly definition: ProcessModel;
  readonly number: number;
  readonly report: (event: ProcessEvent) => void;
  readonly #listener: StandInListener;
  stage: 'none' | 'spawning' | 'alive' | 'exited' | 'over' = 'none';
  isReady = false;
  /** Somebody is at work who will report `gone`. */
  isEnding = false;
  isWatched = false;
  hasTimeout = false;
  isCancelled = false;
  /** Later runs have higher ones. */
  order = 0;
  exitCode: number | undefined;

  constructor(
    definition: ProcessModel,
    number: number,
    report: (event: ProcessEvent) => void,
    listener: StandInListener,
  ) {
    this.definition = definition;
    this.number = number;
    this.report = report;
    this.#listener = listener;
  }

  spawn(): void {
    this.stage = 'spawning';
    this.#listener.onSpawn(this);
  }

  cancelSpawn(): void {
    this.isCancelled = true;
    // One that is only looked for is not looked for any more.
    if (this.definition.kind === 'external') this.stage = 'over';
  }

  take(): void {
    throw new Error('nothing is taken up here');
  }

  watchReadiness(): Promise<void> {
    return Promise.resolve();
  }

  watchHealth(): Promise<void> {
    this.isWatched = true;
    return Promise.resolve();
  }

  watchTimeout(): void {
    this.hasTimeout = true;
  }

  endWatching(): void {
    this.isWatched = false;
    this.hasTimeout = false;
  }

  terminate(): Promise<void> {
    this.isEnding = true;
    return Promise.resolve();
  }

  sweep(): Promise<void> {
    this.isEnding = true;
    return Promise.resolve();
  }

  kill(): void {
    // Comes to the same.
  }

  dispose(): void {
    this.stage = 'over';
  }
}
