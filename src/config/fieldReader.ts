import * as l10n from '@vscode/l10n';
import type { Command } from '../base/command.ts';
import type { DiagnosticCode, Diagnostics } from './diagnostics.ts';
import { parseDuration } from './duration.ts';
import { type FillBudget, interpolate, type Variables } from './interpolate.ts';
import type { SourceRange } from './model.ts';
import { PlaceholderRanges } from './placeholderRanges.ts';
import type { Value } from './secretText.ts';
import { parsePercent, parseSize } from './size.ts';
import type { ValuePath, YamlTree } from './yamlTree.ts';

/** Reads values of fields with their variables filled in, and reports what is wrong with them. */
export class FieldReader {
  readonly tree: YamlTree;
  readonly diagnostics: Diagnostics;
  readonly #variables: Variables;
  readonly #budget: FillBudget;

  constructor(tree: YamlTree, diagnostics: Diagnostics, variables: Variables, budget: FillBudget) {
    this.tree = tree;
    this.diagnostics = diagnostics;
    this.#variables = variables;
    this.#budget = budget;
  }

  /** The workspace folder, where relative paths start. */
  get folder(): string {
    return this.#variables.workspaceFolder;
  }

  /** The text at `path`; undefined if there is none or if it can't be filled in (reported). */
  text(path: ValuePath): string | undefined {
    const written = this.tree.textAt(path);
    if (written === undefined) return undefined;
    const value = this.#fill(path, written, false);
    return typeof value === 'string' ? value : undefined;
  }

  /** As `text`, where secrets may stand too. */
  value(path: ValuePath): Value | undefined {
    const written = this.tree.textAt(path);
    return written === undefined ? undefined : this.#fill(path, written, true);
  }

  #fill(path: ValuePath, written: string, isSecretAllowed: boolean): Value | undefined {
    const { value, problems } = interpolate(written, this.#variables, {
      isSecretAllowed,
      closest: (word, candidates) => this.diagnostics.closest(word, candidates),
      budget: this.#budget,
    });
    if (problems.length > 0) {
      const ranges = new PlaceholderRanges(this.tree, path, written);
      for (const { code, message, start, end, suggestion } of problems) {
        const range = ranges.rangeOf(start, end) ?? this.valueRange(path);
        this.diagnostics.error(code, message, range, suggestion);
      }
      return undefined;
    }
    if (!hasNul(value)) return value;
    this.error('wrong-type', path, l10n.t("A NUL character can't be passed to a program."));
    return undefined;
  }

  command(path: ValuePath, raw: string | readonly unknown[]): Command | undefined {
    if (typeof raw === 'string') return this.text(path);
    const words = raw.map((_, at) => this.text([...path, at]));
    const [program, ...rest] = words.filter((word) => word !== undefined);
    if (program === undefined || rest.length + 1 < words.length) return undefined;
    if (program !== '') return [program, ...rest];
    this.error('wrong-type', [...path, 0], l10n.t('The program has no name.'));
    return undefined;
  }

  /** Milliseconds; the default if there is no valid duration (the schema has reported it). */
  duration(path: ValuePath | undefined, standard: string, isZeroAllowed = false): number {
    const standardMs = parseDuration(standard) ?? 0;
    const written = path === undefined ? undefined : this.tree.textAt(path);
    if (path === undefined || written === undefined) return standardMs;
    const ms = parseDuration(written);
    if (ms === undefined) {
      this.error('wrong-unit', path, l10n.t('A duration can be at most 24 days.'));
    } else if (ms === 0 && !isZeroAllowed) {
      this.error('wrong-type', path, l10n.t('This duration must be longer than 0.'));
    }
    return ms ?? standardMs;
  }

  /** Bytes; undefined if there is no valid size (reported). */
  size(path: ValuePath): number | undefined {
    const written = this.tree.textAt(path);
    if (written === undefined) return undefined;
    const bytes = parseSize(written);
    if (bytes === undefined || bytes < 1) {
      this.error('wrong-unit', path, l10n.t('A size must be from 1B to 9000TB.'));
    }
    return bytes;
  }

  /** Percent of one core; undefined if there is none that is valid (reported). */
  percent(path: ValuePath): number | undefined {
    const written = this.tree.textAt(path);
    if (written === undefined) return undefined;
    const percent = parsePercent(written);
    if (percent === undefined || percent < 1 || percent > 100_000) {
      this.error('wrong-unit', path, l10n.t('A part of the CPU must be from 1% to 100000%.'));
    }
    return percent;
  }

  /** A regular expression as text, checked. */
  pattern(path: ValuePath): string | undefined {
    const text = this.text(path);
    if (text === undefined) return undefined;
    try {
      new RegExp(text);
      return text;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.error('invalid-regex', path, l10n.t('Not a regular expression: {0}.', reason));
      return undefined;
    }
  }

  error(code: DiagnosticCode, path: ValuePath, message: string, suggestion?: string): void {
    this.diagnostics.error(code, message, this.valueRange(path), suggestion);
  }

  valueRange(path: ValuePath): SourceRange {
    return this.tree.firstLine(this.tree.nearest(path).value);
  }

  /** Of the key at `path`, for what is said of a whole field. */
  keyRange(path: ValuePath): SourceRange {
    return this.tree.locate(path)?.key ?? this.valueRange(path);
  }
}

function hasNul(value: Value): boolean {
  if (typeof value === 'string') return value.includes('\0');
  return value.some((part) => typeof part === 'string' && part.includes('\0'));
}
