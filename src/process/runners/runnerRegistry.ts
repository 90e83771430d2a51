import * as l10n from '@vscode/l10n';
import { type Clock, delay, systemClock } from '../../base/clock.ts';
import { type Disposable, toDisposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { DevEnvError } from '../../base/errors.ts';
import { argvRunner, shellRunner } from './commandRunners.ts';
import { createNodeRunner } from './nodeRunner.ts';
import { pythonRunner } from './pythonRunner.ts';
import type { Runner } from './runner.ts';

/** The runners there are, by the name they have in dev-env.yaml. */
export class RunnerRegistry {
  readonly #runners = new Map<string, Runner>([
    ['shell', shellRunner],
    ['argv', argvRunner],
    ['node', createNodeRunner()],
    ['python', pythonRunner],
  ]);
  readonly #added = new Emitter<string>();
  readonly #clock: Clock;
  #moreUntilMs = 0;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Others are about to add theirs: for so many ms, those are waited for that are not there. */
  expectMore(withinMs: number): void {
    this.#moreUntilMs = this.#clock.now() + withinMs;
  }

  get names(): readonly string[] {
    return [...this.#runners.keys()];
  }

  /** Is it not there, and would be waited for now? */
  isAwaited(name: string): boolean {
    return !this.#runners.has(name) && this.#moreUntilMs > this.#clock.now();
  }

  /**
   * Adds a runner, until it is disposed.
   * @throws DevEnvError `runner-options` when the name is taken
   */
  register(name: string, runner: Runner): Disposable {
    if (this.#runners.has(name)) {
      const message = l10n.t('There is a runner "{0}" already.', name);
      throw new DevEnvError('runner-options', message, { name });
    }
    this.#runners.set(name, runner);
    this.#added.fire(name);
    return toDisposable(() => this.#runners.delete(name));
  }

  /**
   * The runner, which may have to be waited for; aborting the signal ends that.
   * @throws DevEnvError as `get`
   */
  async find(name: string, signal: AbortSignal): Promise<Runner> {
    if (!this.isAwaited(name)) return this.get(name);
    const leftMs = this.#moreUntilMs - this.#clock.now();
    const waiting = new AbortController();
    const subscription = this.#added.event((added) => {
      if (added === name) waiting.abort();
    });
    await delay(this.#clock, leftMs, AbortSignal.any([signal, waiting.signal]));
    subscription.dispose();
    return this.get(name);
  }

  /** @throws DevEnvError `unknown-runner` that names those there are */
  get(name: string): Runner {
    const runner = this.#runners.get(name);
    if (runner !== undefined) return runner;
    const known = this.names.join(', ');
    throw new DevEnvError(
      'unknown-runner',
      l10n.t('There is no runner "{0}". Those there are: {1}.', name, known),
      { name },
    );
  }

  /** The command line for people. */
  describe(name: string, options: Readonly<Record<string, unknown>>): string {
    try {
      return this.#runners.get(name)?.describe?.(options) ?? name;
    } catch {
      // Options that make no sense are told of by the start.
      return name;
    }
  }
}

/** Of this program: other extensions add theirs to it. */
export const runners = new RunnerRegistry();
