import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';

/** What hides secrets; see `EnvironmentController`. */
export interface SecretMask {
  mask(text: string): string;
  openEnd(text: string): number;
}

/** What may be half a secret is held back this long for the other half, in ms: a prompt must show. */
const patienceMs = 500;

/** Hides secrets in a text that comes in pieces, also those that are cut in two. */
export class MaskedStream implements Disposable {
  readonly #clock: Clock;
  readonly #secrets: () => SecretMask | undefined;
  readonly #write: (text: string) => void;
  #heldBack = '';
  #timer: Disposable | undefined;

  constructor(clock: Clock, secrets: () => SecretMask | undefined, write: (text: string) => void) {
    this.#clock = clock;
    this.#secrets = secrets;
    this.#write = write;
  }

  push(text: string): void {
    this.#timer?.dispose();
    const secrets = this.#secrets();
    const all = this.#heldBack + text;
    const masked = secrets?.mask(all) ?? all;
    const end = masked.length - (secrets?.openEnd(masked) ?? 0);
    this.#heldBack = masked.slice(end);
    if (end > 0) this.#write(masked.slice(0, end));
    if (this.#heldBack !== '') {
      this.#timer = this.#clock.schedule(patienceMs, () => this.flush());
    }
  }

  /** Nothing more comes that belongs to what there is. */
  flush(): void {
    this.#timer?.dispose();
    const rest = this.#heldBack;
    this.#heldBack = '';
    if (rest !== '') this.#write(rest);
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#heldBack = '';
  }
}
