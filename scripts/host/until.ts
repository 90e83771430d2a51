import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until `ask` gives something else than undefined or false, and gives that back. Rejects
 * after `limitMs` with what was waited for and `describe`'s words on how things stand.
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  limitMs: number,
  describe: () => string | Promise<string> = () => '',
): Promise<Exclude<T, undefined | false>> {
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
    if (Date.now() > end) {
      const details = await describe();
      throw new Error(`Waited ${limitMs / 1000} s in vain for ${what}. ${details}`.trim());
    }
    await pause(50);
  }
}
