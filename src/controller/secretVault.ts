import * as l10n from '@vscode/l10n';
import { type Disposable, DisposableStore } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { DevEnvError } from '../base/errors.ts';
import { Masker } from '../base/masker.ts';
import { unlessAborted } from '../base/unlessAborted.ts';
import type { EnvironmentModel, ProcessModel } from '../config/model.ts';
import { fillInSecrets, givenSecrets, type SecretVariables } from './givenSecrets.ts';
import type { KnownSecrets, SecretSource } from './secretSource.ts';

/** The secrets of one environment: their values for starts, and a mask for all that is shown. */
export class SecretVault implements KnownSecrets, Disposable {
  readonly #source: SecretSource | undefined;
  readonly #masker = new Masker();
  readonly #store = new DisposableStore();
  readonly #onDidLearn = this.#store.add(new Emitter<void>());
  readonly onDidLearn = this.#onDidLearn.event;
  #names: readonly string[] = [];
  /** The last values that were given or learned. */
  readonly #values = new Map<string, string>();

  constructor(source: SecretSource | undefined) {
    this.#source = source;
    const subscription = source?.onDidChange?.(() => void this.#learn());
    if (subscription !== undefined) this.#store.add(subscription);
  }

  get hasAny(): boolean {
    return !this.#masker.isEmpty;
  }

  /** Learns which secrets are to be hidden, in what is already running too. Asks nobody. */
  async learn(model: EnvironmentModel): Promise<void> {
    this.#names = [...new Set(model.processes.flatMap(secretNames))];
    await this.#learn();
  }

  /** Hides the values of secrets in a text that is to be shown or kept. */
  readonly mask = (text: string): string => this.#masker.mask(text);
  readonly openEnd = (text: string): number => this.#masker.openEnd(text);

  /**
   * The variables of a process that hold secrets, and what marks these.
   * @throws DevEnvError `secret-missing`, `cancelled`
   */
  async variables(definition: ProcessModel, signal: AbortSignal): Promise<SecretVariables> {
    const names = secretNames(definition);
    if (names.length === 0) return { variables: {}, marks: {} };
    if (this.#source === undefined) {
      const message = l10n.t(
        'It needs the secret {0}, and there is nobody here to give it.',
        names[0] ?? '',
      );
      throw new DevEnvError('secret-missing', message, { names });
    }
    const values = await unlessAborted(this.#source.get(names, signal), signal);
    this.#keep(values);
    const missing = names.filter((name) => !values.has(name));
    if (missing.length > 0) {
      const message = l10n.t('The secret {0} was not given.', missing.join(', '));
      throw new DevEnvError('secret-missing', message, { names: missing });
    }
    return fillInSecrets(definition.secretEnv, values);
  }

  /** Learns what a program was given that an earlier host, or another one, has started. */
  learnGiven(pid: number, runId: string): void {
    // To be hidden, and for nothing else: starts ask the source.
    if (this.#masker.add(givenSecrets(pid, runId))) this.#onDidLearn.fire();
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #learn(): Promise<void> {
    if (this.#source === undefined || this.#names.length === 0) return;
    // A store of secrets that is locked gives none for a start either, and says so there.
    const known = await this.#source.known(this.#names).catch(() => new Map<string, string>());
    this.#keep(known);
  }

  /** The values that these processes need, as far as they are known here. Asks nobody. */
  known(definitions: readonly ProcessModel[]): Readonly<Record<string, string>> {
    const names = new Set(definitions.flatMap(secretNames));
    return Object.fromEntries([...this.#values].filter(([name]) => names.has(name)));
  }

  #keep(values: ReadonlyMap<string, string>): void {
    for (const [name, value] of values) this.#values.set(name, value);
    if (this.#masker.add(values.values())) this.#onDidLearn.fire();
  }
}

/** The names of the secrets that a process needs, each once. */
export function secretNames({ secretEnv }: ProcessModel): string[] {
  const parts = Object.values(secretEnv).flat();
  return [...new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : [part.secret])))];
}
