/** What is shown in place of a secret. */
export const mask = '•••';

/** Shorter values would hide half of everything, and protect nothing. */
const minLength = 4;

/**
 * Replaces known secrets in what is shown. Values of several lines are hidden line by line, since
 * output is; a value is also found in the forms in which URLs and JSON hold it.
 */
export class Masker {
  readonly #known = new Set<string>();
  #pattern: RegExp | undefined;

  /** There is nothing to hide. */
  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  /**
   * Values are never forgotten: what still runs may print one that was changed since. Tells whether
   * there was a new one.
   */
  add(values: Iterable<string>): boolean {
    const before = this.#known.size;
    for (const value of values) {
      for (const line of value.split(/\r?\n/)) {
        for (const form of formsOf(line.trim())) {
          if (form.length >= minLength) this.#known.add(form);
        }
      }
    }
    if (this.#known.size === before) return false;
    // The longest first: one secret may be the beginning of another.
    const forms = [...this.#known].sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp(forms.map(escape).join('|'), 'g');
    return true;
  }

  /** The text without what is secret. */
  mask(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, mask);
  }

  /**
   * How many characters at the end of a masked text may be the beginning of a secret, the rest of
   * which is still to come; 0 for none.
   */
  openEnd(text: string): number {
    let longest = 0;
    for (const form of this.#known) {
      for (let length = Math.min(form.length - 1, text.length); length > longest; length -= 1) {
        if (text.endsWith(form.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}

function formsOf(value: string): Set<string> {
  const json = JSON.stringify(value).slice(1, -1);
  return new Set([value, encoded(value), json]);
}

function encoded(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    // Half of a surrogate pair is in no URL.
    return value;
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
