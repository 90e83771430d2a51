import type { Event } from '../base/emitter.ts';

/** What a host may tell others of the secrets that it hides: that there are some. */
export interface KnownSecrets {
  /** False: masking changes nothing. */
  readonly hasAny: boolean;
  /** There is a new value to hide; told before any program is given it. */
  readonly onDidLearn: Event<void>;
}

/** Where the values of `${secret:NAME}` come from. */
export interface SecretSource {
  /**
   * The values for a start; a person may be asked. A name that is not in the answer was not given:
   * then the start fails. Aborting the signal ends the question, if no other start waits for it.
   */
  get(names: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Those that are there without asking anybody: to hide them in what is shown. */
  known(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** A value was set or removed. */
  readonly onDidChange?: Event<void>;
}
