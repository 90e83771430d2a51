import { randomBytes } from 'node:crypto';
import type { Disposable } from '../base/disposable.ts';
import { definitionHash } from '../config/diff.ts';
import type { ProcessModel } from '../config/model.ts';
import { adoptProcess } from '../process/adopt.ts';
import { type ExternalFinding, findExternal } from '../process/findExternal.ts';
import { nobody, type ProcessIdentity } from '../process/identity.ts';
import type { RunningProcess } from '../process/spawn.ts';
import type { ProbeSighting, ProcessRun, RunListener } from './processRun.ts';
import { RunProbes } from './runProbes.ts';
import type { RunServices } from './runProgram.ts';
import type { ProcessEvent } from './state.ts';

/** How often a program is looked for that is not there, or cannot be watched by its PID. In ms. */
const lookEveryMs = process.platform === 'linux' ? 1_000 : 3_000;

/**
 * One life of a program that somebody else starts and stops: it is looked for, and then watched.
 * No signal is ever sent to it.
 */
export class ExternalRun implements ProcessRun {
  readonly id: string;
  readonly number: number;
  readonly definition: ProcessModel;
  readonly definitionHash: string;
  readonly logPath = undefined;
  readonly exitFile = undefined;
  readonly launch = undefined;
  readonly spawned = Promise.resolve();
  readonly #services: RunServices;
  readonly #report: (event: ProcessEvent) => void;
  readonly #probes: RunProbes;
  #timer: Disposable | undefined;
  #process: (RunningProcess & Partial<Disposable>) | undefined;
  #sighting: ProbeSighting | undefined;
  #isOver = false;

  /** `known` identifies a run of an earlier host, whose program is given by `take`. */
  constructor(
    definition: ProcessModel,
    number: number,
    services: RunServices,
    report: (event: ProcessEvent) => void,
    known?: { readonly id: string; readonly definitionHash: string },
  ) {
    this.definition = definition;
    this.number = number;
    this.#services = services;
    this.#report = report;
    this.id = known?.id ?? randomBytes(8).toString('hex');
    this.definitionHash = known?.definitionHash ?? definitionHash(definition);
    this.#probes = new RunProbes({
      definition,
      run: number,
      clock: services.clock,
      report,
      context: {
        workdir: definition.workdir,
        env: () => Promise.resolve({ ...definition.env }),
        subscribeToLines: () => ({ dispose: () => undefined }),
        mask: services.secrets.mask,
      },
    });
  }

  get identity(): ProcessIdentity | undefined {
    return this.#process?.identity;
  }

  /** While it is looked for: why it was not found. */
  get sighting(): ProbeSighting | undefined {
    return this.#sighting ?? this.#probes.sighting;
  }

  get healthReason(): string | undefined {
    return this.#probes.healthReason;
  }

  spawn({ onSighting }: RunListener): void {
    void this.#look(onSighting, 1);
  }

  cancelSpawn(): void {
    this.dispose();
  }

  take(process: RunningProcess & Partial<Disposable>): void {
    if (process.identity === nobody) {
      this.#lookLater(() => void this.#lookAgain());
      return;
    }
    this.#process = process;
    void process.exited.then((exit) => {
      this.#report({ kind: 'exited', run: this.number, exit });
    });
  }

  /** It may take as long as it likes: nobody here could start it again. */
  watchReadiness(_elapsedMs: number, onSighting: () => void): Promise<void> {
    return this.#probes.watchReadiness(undefined, onSighting);
  }

  watchHealth(onSighting: () => void): Promise<void> {
    return this.#probes.watchHealth(onSighting);
  }

  watchTimeout(): void {
    // A task of somebody else is none.
  }

  endWatching(): void {
    this.#probes.end();
  }

  /** Only the watching ends. */
  terminate(): Promise<void> {
    return this.#letGo();
  }

  kill(): void {
    // Nothing is ever sent to it.
  }

  sweep(): Promise<void> {
    return this.#letGo();
  }

  dispose(): void {
    this.#isOver = true;
    this.#probes.end();
    this.#timer?.dispose();
    this.#process?.dispose?.();
  }

  async #letGo(): Promise<void> {
    this.dispose();
    await Promise.resolve();
    this.#report({ kind: 'gone', run: this.number, survivors: [] });
  }

  async #look(onSighting: () => void, tries: number): Promise<void> {
    const finding = await this.#find();
    if (this.#isOver) return;
    if (!finding.isFound) {
      const isNews = this.#sighting?.seen !== finding.seen;
      this.#sighting = { seen: finding.seen, tries };
      if (isNews) onSighting();
      this.#lookLater(() => void this.#look(onSighting, tries + 1));
      return;
    }
    this.#sighting = undefined;
    const { clock } = this.#services;
    if (finding.identity === undefined) this.#lookLater(() => void this.#lookAgain());
    else this.take(adoptProcess(finding.identity, { exitFile: undefined, clock }));
    this.#report({ kind: 'spawned', run: this.number });
  }

  /** Whether it is still there, for one whose PID the system does not tell. */
  async #lookAgain(): Promise<void> {
    const finding = await this.#find();
    if (this.#isOver) return;
    if (finding.isFound) {
      this.#lookLater(() => void this.#lookAgain());
      return;
    }
    const exit = { code: undefined, signal: undefined, atMs: this.#services.clock.now() };
    this.#report({ kind: 'exited', run: this.number, exit });
  }

  #find(): Promise<ExternalFinding> {
    const { external } = this.definition;
    return external === undefined
      ? Promise.resolve({ isFound: false, seen: '' })
      : findExternal(external);
  }

  #lookLater(action: () => void): void {
    this.#timer = this.#services.clock.schedule(lookEveryMs, action);
  }
}
