import { mask as hidden } from '../base/masker.ts';
import { DevEnvError } from '../base/errors.ts';
import type { ControlTarget } from '../control/controlTarget.ts';
import type { ControlEvent } from '../control/protocol.ts';
import { secretVariablesMask } from '../controller/environmentSecrets.ts';
import { note } from './context.ts';

/** A window that is reloaded is back within this, in ms. */
const defaultPatienceMs = 10_000;
/** An owner that could not be asked is asked again after this, in ms, and this often. */
const retryPauseMs = 100;
const maxTries = 100;

export type MaskingOwner = Pick<ControlTarget, 'mask'>;

export interface LineMaskOptions {
  readonly hostEnv?: NodeJS.ProcessEnv;
  /** Hides what is known besides. */
  readonly more?: ((text: string) => string) | undefined;
  /**
   * How long the next owner is waited for when one that knew secrets has left, in ms; for the time
   * after it nobody knows them. `Infinity` where there is a next one, or an end.
   */
  readonly patienceMs?: number;
}

/**
 * Hides secrets in lines of output: those that this program was given itself, and those that only
 * the owner of the environment knows, who is asked for it. While there is an owner with secrets, no
 * line is shown that it has not seen.
 */
export class LineMask {
  readonly #own: (text: string) => string;
  readonly #patienceMs: number;
  #owner: { readonly target: MaskingOwner; hasSecrets: boolean } | undefined;
  /** An owner with secrets has left: until then the next one is waited for. Of `performance.now()`. */
  #expectedUntilMs: number | undefined;
  #isClosed = false;
  /** Called when another owner is there, one has left, or nobody waits any more. */
  readonly #waiting = new Set<() => void>();

  constructor(options: LineMaskOptions = {}) {
    const { hostEnv = process.env, more, patienceMs = defaultPatienceMs } = options;
    const own = secretVariablesMask(hostEnv);
    this.#own = more === undefined ? own : (text) => more(own(text));
    this.#patienceMs = patienceMs;
  }

  /** What the owner tells of itself: everything that `follow` gives, from the first status on. */
  hear(target: MaskingOwner, event: ControlEvent): void {
    if (event.kind === 'status') {
      this.#owner = { target, hasSecrets: event.status.hasSecrets === true };
      this.#expectedUntilMs = undefined;
      this.#change();
    } else if (this.#owner?.target === target) {
      if (event.kind === 'secrets') this.#owner.hasSecrets = true;
      if (event.kind === 'end') this.left();
    }
  }

  /** The owner is no longer one. */
  left(): void {
    if (this.#owner?.hasSecrets === true) {
      this.#expectedUntilMs = performance.now() + this.#patienceMs;
    }
    this.#owner = undefined;
    this.#change();
  }

  /** Nobody waits any more: what an owner would have to mask is hidden as a whole from now on. */
  close(): void {
    this.#isClosed = true;
    this.#change();
  }

  /** The lines as they may be shown; undefined when that takes time, and `later` has to be asked. */
  now(lines: readonly string[]): readonly string[] | undefined {
    const isAsked = this.#owner?.hasSecrets ?? this.#expectedUntilMs !== undefined;
    if (!isAsked) return lines.map(this.#own);
    return this.#isClosed ? lines.map(() => hidden) : undefined;
  }

  /** The lines as they may be shown. Never rejects: what cannot be masked is hidden as a whole. */
  async later(lines: readonly string[]): Promise<readonly string[]> {
    for (let tries = 0; tries < maxTries;) {
      const owner = this.#owner;
      if (!(owner?.hasSecrets ?? this.#isOneExpected())) return lines.map(this.#own);
      if (this.#isClosed) break;
      if (owner === undefined) {
        await this.#untilChange((this.#expectedUntilMs ?? 0) - performance.now());
        continue;
      }
      try {
        // As they are: a secret of which a part is hidden is not found any more.
        const masked = await this.#ask(owner.target, lines);
        if (masked !== undefined) return masked.map(this.#own);
      } catch (error) {
        if (!isLost(error)) break;
        tries += 1;
        await this.#untilChange(retryPauseMs);
      }
    }
    return lines.map(() => hidden);
  }

  #isOneExpected(): boolean {
    if (this.#expectedUntilMs === undefined) return false;
    if (performance.now() < this.#expectedUntilMs) return true;
    this.#expectedUntilMs = undefined;
    note(
      'Who ran the environment has gone; secrets that only it knew are not hidden from here on.',
    );
    return false;
  }

  #change(): void {
    for (const wake of this.#waiting) wake();
  }

  /** Undefined: nobody waits for the answer any more. Rejects as `mask` does. */
  async #ask(
    target: MaskingOwner,
    lines: readonly string[],
  ): Promise<readonly string[] | undefined> {
    // No race with a promise that lasts: it would keep every answer.
    let wake = (): void => undefined;
    const closed = new Promise<undefined>((resolve) => {
      wake = () => {
        if (this.#isClosed) resolve(undefined);
      };
    });
    this.#waiting.add(wake);
    try {
      return await Promise.race([target.mask(lines), closed]);
    } finally {
      this.#waiting.delete(wake);
    }
  }

  /** Resolves when something has changed, or after `limitMs`. */
  async #untilChange(limitMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = Number.isFinite(limitMs) ? setTimeout(wake, Math.max(0, limitMs)) : undefined;
      this.#waiting.add(wake);
      const waiting = this.#waiting;
      function wake(): void {
        clearTimeout(timer);
        waiting.delete(wake);
        resolve();
      }
    });
  }
}

/** Gone, or about to: whoever comes next can be asked. */
function isLost(error: unknown): boolean {
  return (
    error instanceof DevEnvError &&
    (error.code === 'owner-left' || error.code === 'owner-unreachable')
  );
}
