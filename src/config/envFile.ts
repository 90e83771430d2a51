import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import * as l10n from '@vscode/l10n';
import type { FieldReader } from './fieldReader.ts';
import { type FileText, readTextFile } from './readTextFile.ts';
import type { RawEnvFile } from './schema.ts';
import type { ValuePath } from './yamlTree.ts';

type Content =
  | { readonly kind: 'values'; readonly values: ReadonlyMap<string, string> }
  | Exclude<FileText, { kind: 'text' }>;

/** Reads env files, each once, and remembers which were asked for. */
export class EnvFiles {
  readonly #folder: string;
  readonly #contents = new Map<string, Promise<Content>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Absolute; those that are not there count too. */
  get paths(): readonly string[] {
    return [...this.#contents.keys()];
  }

  /** The variables of all files of an `env_file`, later ones over earlier ones. */
  async read(
    raw: RawEnvFile | undefined,
    path: ValuePath,
    reader: FieldReader,
  ): Promise<ReadonlyMap<string, string>> {
    const merged = new Map<string, string>();
    for (const { at, isRequired } of entriesOf(raw, path)) {
      const written = reader.text(at);
      if (written === undefined) continue;
      const file = resolve(this.#folder, written);
      const content = await this.#contentOf(file);
      if (content.kind === 'values') {
        for (const [name, value] of content.values) merged.set(name, value);
      } else if (content.kind === 'unreadable') {
        const message = l10n.t('The env file "{0}" can\'t be read: {1}.', written, content.reason);
        reader.error('env-file-unreadable', at, message);
      } else if (isRequired) {
        const message = l10n.t(
          'There is no env file "{0}". If it may be missing, write {1}.',
          written,
          '{ path: …, required: false }',
        );
        reader.error('env-file-missing', at, message);
      }
    }
    return merged;
  }

  #contentOf(file: string): Promise<Content> {
    const known = this.#contents.get(file);
    if (known !== undefined) return known;
    const content = readEnvFile(file);
    this.#contents.set(file, content);
    return content;
  }
}

/** `NAME=value` lines as Node reads them with `--env-file`; values are taken as they are. */
export function parseEnvFile(text: string): ReadonlyMap<string, string> {
  const values = parseEnv(text.startsWith('\uFEFF') ? text.slice(1) : text);
  const entries = Object.entries(values).filter(([name]) => name !== '__proto__');
  return new Map(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function* entriesOf(
  raw: RawEnvFile | undefined,
  path: ValuePath,
): Iterable<{ at: ValuePath; isRequired: boolean }> {
  if (raw === undefined) return;
  if (Array.isArray(raw)) {
    for (const [index, entry] of raw.entries()) yield* entriesOf(entry, [...path, index]);
  } else if (typeof raw === 'string') {
    yield { at: path, isRequired: true };
  } else {
    yield { at: [...path, 'path'], isRequired: raw.required ?? true };
  }
}

async function readEnvFile(file: string): Promise<Content> {
  const content = await readTextFile(file);
  return content.kind === 'text' ? { kind: 'values', values: parseEnvFile(content.text) } : content;
}
