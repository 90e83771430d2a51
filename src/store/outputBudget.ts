export interface OutputLimits {
  /** What may be shown in the long run. */
  readonly bytesPerSecond: number;
  /** What may be shown at once after a quiet time. */
  readonly burstBytes: number;
  /** How many of the newest lines that were left out are kept, to be shown after the flood. */
  readonly lastLines: number;
}

/** What to show: first that something was left out, if so, then the lines. */
export interface OutputShare {
  readonly leftOut: LeftOut | undefined;
  readonly lines: readonly string[];
}

/** Lines and bytes that were not shown. Bytes may be known where lines are not. */
export interface LeftOut {
  readonly lines: number;
  readonly bytes: number;
}

export const defaultOutputLimits: OutputLimits = {
  bytesPerSecond: 100_000,
  burstBytes: 400_000,
  lastLines: 50,
};

const nothing: LeftOut = { lines: 0, bytes: 0 };

/**
 * Bounds what goes to an editor's output channel, which keeps everything in memory and lays out
 * every line: a token bucket in bytes. A flood is cut, its newest lines are kept, and are shown by
 * `settle` once it is over. Pure in time: the caller says what time it is, in milliseconds.
 */
export class OutputBudget {
  readonly #limits: OutputLimits;
  #tokens: number;
  #atMs: number;
  #leftOut: LeftOut = nothing;
  /** The newest lines left out; not counted in `#leftOut`. */
  #held: string[] = [];
  #isCutting = false;

  constructor(nowMs: number, limits: OutputLimits = defaultOutputLimits) {
    this.#limits = limits;
    this.#tokens = limits.burstBytes;
    this.#atMs = nowMs;
  }

  /** Something was left out that has not been told: `settle` in a while. */
  get isHolding(): boolean {
    return this.#held.length > 0 || this.#leftOut.bytes > 0;
  }

  /** Takes new lines and returns what to show now. */
  take(lines: readonly string[], nowMs: number): OutputShare {
    this.#refill(nowMs);
    const before = this.#isCutting ? { leftOut: undefined, lines: [] } : this.#release();
    const shown: string[] = [...before.lines];
    for (const [index, line] of lines.entries()) {
      const bytes = byteLength(line);
      if (this.#isCutting || bytes > this.#tokens) {
        this.#isCutting = true;
        this.#hold(lines.slice(index));
        break;
      }
      this.#tokens -= bytes;
      shown.push(line);
    }
    return { leftOut: before.leftOut, lines: shown };
  }

  /** Bytes that were never read are left out too. */
  skip(bytes: number): void {
    // They come after the lines that are held, so those can no longer be the last before a gap.
    this.#drop(this.#held.splice(0));
    this.#leftOut = { lines: this.#leftOut.lines, bytes: this.#leftOut.bytes + bytes };
  }

  /** What is held, if the budget has recovered; call it when a flood may be over. */
  settle(nowMs: number): OutputShare {
    this.#refill(nowMs);
    return this.#isCutting ? { leftOut: undefined, lines: [] } : this.#release();
  }

  /** What is held, whatever the budget: at the end of a run, its last lines must be there. */
  finish(): OutputShare {
    this.#isCutting = false;
    return this.#release();
  }

  #refill(nowMs: number): void {
    const { bytesPerSecond, burstBytes } = this.#limits;
    const elapsedMs = Math.max(0, nowMs - this.#atMs);
    this.#atMs = nowMs;
    this.#tokens = Math.min(burstBytes, this.#tokens + (elapsedMs * bytesPerSecond) / 1000);
    // A second's worth has to be there, so that a flood shows as one gap a second, not as a
    // stutter of single lines and gaps.
    if (this.#tokens >= Math.min(bytesPerSecond, burstBytes)) this.#isCutting = false;
  }

  #release(): OutputShare {
    const leftOut = this.#leftOut.bytes > 0 ? this.#leftOut : undefined;
    const lines = this.#held;
    this.#leftOut = nothing;
    this.#held = [];
    for (const line of lines) this.#tokens -= byteLength(line);
    return { leftOut, lines };
  }

  #hold(lines: readonly string[]): void {
    this.#held.push(...lines.slice(-this.#limits.lastLines));
    this.#drop(lines.slice(0, -this.#limits.lastLines));
    this.#drop(this.#held.splice(0, this.#held.length - this.#limits.lastLines));
  }

  #drop(lines: readonly string[]): void {
    let { bytes } = this.#leftOut;
    for (const line of lines) bytes += byteLength(line);
    this.#leftOut = { lines: this.#leftOut.lines + lines.length, bytes };
  }
}

/** With the line feed. */
function byteLength(line: string): number {
  return Buffer.byteLength(line) + 1;
}
