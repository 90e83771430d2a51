import * as l10n from '@vscode/l10n';
import { LIMITS } from './defaults.ts';

/** A piece of a text with variables; `start` and `end` are half-open offsets into the text. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'variable';
      readonly source: 'env';
      readonly name: string;
      readonly fallback: readonly TemplatePart[] | undefined;
      readonly start: number;
      readonly end: number;
    }
  | {
      readonly kind: 'variable';
      readonly source: 'port' | 'workspaceFolder';
      /** The process of `${port:name}`. */
      readonly name: string | undefined;
      readonly fallback: readonly TemplatePart[] | undefined;
      readonly start: number;
      readonly end: number;
    }
  | {
      readonly kind: 'variable';
      readonly source: 'secret';
      readonly name: string;
      readonly fallback: readonly TemplatePart[] | undefined;
      readonly start: number;
      readonly end: number;
    }
  | {
      readonly kind: 'broken';
      readonly message: string;
      readonly start: number;
      readonly end: number;
    };

/** Defaults can contain variables, which can have defaults; nobody needs more than this. */
const MAX_DEPTH = 8;

/** What stands between `${` and `}` or `:-`; sticky. It ends at any `$`, which keeps it linear. */
const HEAD = /([^{}$\n]*?)(:-|\})/y;

const SECRET_NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Splits a text at its `${…}`; `$$` becomes `$`. In the default of a variable `}` ends the
 * variable, and `${` begins another one.
 */
export function parseTemplate(text: string): readonly TemplatePart[] {
  return new TemplateParser(text).parseParts(0);
}

/** The exact `${…}` of a text, in order, without those inside others. */
export function placeholdersOf(text: string): readonly { start: number; end: number }[] {
  if (!text.includes('${')) return [];
  return parseTemplate(text).flatMap((part) =>
    part.kind === 'text' ? [] : [{ start: part.start, end: part.end }],
  );
}

class TemplateParser {
  readonly #text: string;
  #at = 0;
  #count = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Up to the end of the text or, in a default, up to its `}`, which is left to the caller. */
  parseParts(depth: number): TemplatePart[] {
    const parts: TemplatePart[] = [];
    const special = depth === 0 ? /\$[${]/g : /\$[${]|\}/g;
    let from = this.#at;
    for (;;) {
      special.lastIndex = this.#at;
      const found = special.exec(this.#text);
      const to = found?.index ?? this.#text.length;
      if (found === null || found[0] === '}') {
        this.#at = to;
        if (to > from) parts.push({ kind: 'text', text: this.#text.slice(from, to) });
        return parts;
      }
      if (found[0] === '$$') {
        parts.push({ kind: 'text', text: this.#text.slice(from, to + 1) });
        this.#at = to + 2;
      } else {
        if (to > from) parts.push({ kind: 'text', text: this.#text.slice(from, to) });
        parts.push(this.#parsePlaceholder(to, depth));
      }
      from = this.#at;
    }
  }

  #parsePlaceholder(start: number, depth: number): TemplatePart {
    this.#count += 1;
    if (this.#count > LIMITS.variables) {
      this.#at = this.#text.length;
      const message = l10n.t('A text can have at most {0} variables.', LIMITS.variables);
      return this.#broken(start, message);
    }
    HEAD.lastIndex = start + 2;
    const match = HEAD.exec(this.#text);
    if (match === null || depth >= MAX_DEPTH) {
      this.#at = start + 2;
      return depth >= MAX_DEPTH
        ? this.#broken(start, l10n.t('Defaults are nested too deeply.'))
        : this.#broken(start, l10n.t('"${" without its "}". Write $${ to leave it as it is.'));
    }
    this.#at = HEAD.lastIndex;
    let fallback: TemplatePart[] | undefined;
    if (match[2] === ':-') {
      fallback = this.parseParts(depth + 1);
      const isClosed = this.#text[this.#at] === '}';
      if (!isClosed) {
        return this.#broken(start, l10n.t('"${" without its "}". Write $${ to leave it as it is.'));
      }
      this.#at += 1;
    }
    return this.#classify(match[1] ?? '', fallback, start);
  }

  #classify(head: string, fallback: TemplatePart[] | undefined, start: number): TemplatePart {
    const end = this.#at;
    if (head === 'workspaceFolder' || head === 'port') {
      return { kind: 'variable', source: head, name: undefined, fallback, start, end };
    }
    if (NAME.test(head)) {
      return { kind: 'variable', source: 'env', name: head, fallback, start, end };
    }
    const colon = head.indexOf(':');
    const source = head.slice(0, colon);
    const name = head.slice(colon + 1);
    if (colon > 0 && name !== '' && (source === 'env' || source === 'port')) {
      return { kind: 'variable', source, name, fallback, start, end };
    }
    if (source === 'secret') {
      if (SECRET_NAME.test(name)) {
        return { kind: 'variable', source, name, fallback, start, end };
      }
      const message = l10n.t('The name of a secret has letters, digits, "_", "." and "-", first a letter or "_".'); // prettier-ignore
      return this.#broken(start, message);
    }
    if (colon > 0 && NAME.test(source) && source !== 'env' && source !== 'port') {
      const message = l10n.t(
        '"{0}" is an unknown kind of variable. There are env, port and secret.',
        source,
      );
      return this.#broken(start, message);
    }
    const written = this.#text.slice(start, end);
    const message = l10n.t(
      '"{0}" is not a variable. Write {1} to leave it as it is.',
      written,
      `$${written}`,
    );
    return this.#broken(start, message);
  }

  /** Everything from `start` to where the parser stands. */
  #broken(start: number, message: string): TemplatePart {
    return { kind: 'broken', message, start, end: this.#at };
  }
}
