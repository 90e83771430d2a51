import { LIMITS } from './defaults.ts';
import { closest, type SuggestionBudget } from './suggest.ts';
import type { ConfigDiagnostic, DiagnosticSeverity, SourceRange } from './model.ts';

/** Everything the loader can say of a file. */
export type DiagnosticCode =
  | 'alias-bomb'
  | 'condition-mismatch'
  | 'conflicting-keys'
  | 'dependency-cycle'
  | 'duplicate-name'
  | 'env-file-missing'
  | 'env-file-unreadable'
  | 'invalid-regex'
  | 'local-file-unreadable'
  | 'misplaced-secret'
  | 'missing-key'
  | 'not-for-external'
  | 'not-for-service'
  | 'not-for-task'
  | 'port-conflict'
  | 'port-unassigned'
  | 'self-dependency'
  | 'syntax'
  | 'too-deep'
  | 'too-large'
  | 'unknown-dependency'
  | 'unknown-key'
  | 'unknown-profile'
  | 'unknown-variable'
  | 'unset-variable'
  | 'workdir-missing'
  | 'wrong-type'
  | 'wrong-unit';

/** Gathers what is wrong with a file; the same thing said twice of a place counts once. */
export class Diagnostics {
  readonly #items = new Map<string, ConfigDiagnostic>();
  readonly #budget: SuggestionBudget = { steps: LIMITS.suggestionSteps };
  #errorCount = 0;

  get hasErrors(): boolean {
    return this.#errorCount > 0;
  }

  /** Enough has been said: more costs time and helps nobody. */
  get isFull(): boolean {
    return this.#items.size >= LIMITS.diagnostics;
  }

  /** The candidate that was probably meant; of a file with many errors not of the later ones. */
  closest(word: string, candidates: Iterable<string>): string | undefined {
    return this.isFull ? undefined : closest(word, candidates, this.#budget);
  }

  error(code: DiagnosticCode, message: string, range: SourceRange, suggestion?: string): void {
    this.#errorCount += 1;
    this.#add('error', code, message, range, suggestion);
  }

  warning(code: DiagnosticCode, message: string, range: SourceRange, suggestion?: string): void {
    this.#add('warning', code, message, range, suggestion);
  }

  /** Takes over what others have gathered. */
  take(others: Diagnostics): void {
    for (const { severity, code, message, range, suggestion } of others.#items.values()) {
      if (severity === 'error') this.#errorCount += 1;
      this.#add(severity, code as DiagnosticCode, message, range, suggestion);
    }
  }

  /** In the order of the text, those of another file last. */
  list(): readonly ConfigDiagnostic[] {
    return [...this.#items.values()].sort(
      (one, other) =>
        (one.file ?? '').localeCompare(other.file ?? '') ||
        one.range.start.offset - other.range.start.offset ||
        one.range.end.offset - other.range.end.offset,
    );
  }

  #add(
    severity: DiagnosticSeverity,
    code: DiagnosticCode,
    message: string,
    range: SourceRange,
    suggestion: string | undefined,
  ): void {
    if (this.isFull) return;
    const { file } = range;
    const key = `${file ?? ''} ${range.start.offset} ${range.end.offset} ${code} ${message}`;
    if (this.#items.has(key)) return;
    const item: ConfigDiagnostic = { severity, code, message, range };
    this.#items.set(key, {
      ...item,
      ...(suggestion === undefined ? {} : { suggestion }),
      ...(file === undefined ? {} : { file }),
    });
  }
}
