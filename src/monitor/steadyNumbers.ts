import type { Usage } from './usage.ts';
import { cpuText, memoryText } from './usageWords.ts';

/** How much of a new measurement shows at once. */
const share = 0.4;

interface Steady {
  smoothCpu: number;
  cpu: number;
  memory: number;
  texts: readonly string[];
}

/**
 * The numbers to show beside names, held still: they follow only when what is shown is clearly no
 * longer true, so that programs that do nothing in particular do not flicker, and cost nothing.
 */
export class SteadyNumbers<Key> {
  readonly #shown = new Map<Key, Steady>();

  /** Takes a measurement; undefined: it does not run. Tells whether its texts have changed. */
  take(key: Key, usage: Usage | undefined): boolean {
    const before = this.#shown.get(key);
    if (usage?.cpuPercent === undefined) {
      // The first measurement of a program knows no CPU yet; the next one follows soon.
      if (usage === undefined) this.#shown.delete(key);
      return usage === undefined && before !== undefined;
    }
    const { cpuPercent, memoryBytes } = usage;
    if (before === undefined) {
      const texts = textsOf(cpuPercent, memoryBytes);
      this.#shown.set(key, { smoothCpu: cpuPercent, cpu: cpuPercent, memory: memoryBytes, texts });
      return true;
    }
    before.smoothCpu += (cpuPercent - before.smoothCpu) * share;
    const isCpuOff = isFar(before.cpu, before.smoothCpu, 0.3, 0.15);
    const isMemoryOff = isFar(before.memory, memoryBytes, 512 * 1024, 0.02);
    if (!isCpuOff && !isMemoryOff) return false;
    if (isCpuOff) before.cpu = before.smoothCpu < 0.05 ? 0 : before.smoothCpu;
    if (isMemoryOff) before.memory = memoryBytes;
    const texts = textsOf(before.cpu, before.memory);
    const hasChanged = texts.some((text, index) => text !== before.texts[index]);
    before.texts = texts;
    return hasChanged;
  }

  /** CPU and memory as text; empty while they are not known. */
  texts(key: Key): readonly string[] {
    return this.#shown.get(key)?.texts ?? [];
  }

  forget(key: Key): void {
    this.#shown.delete(key);
  }
}

function isFar(shown: number, now: number, least: number, part: number): boolean {
  return Math.abs(now - shown) > Math.max(least, shown * part);
}

function textsOf(cpuPercent: number, memoryBytes: number): readonly string[] {
  return [cpuText(cpuPercent), memoryText(memoryBytes)];
}
