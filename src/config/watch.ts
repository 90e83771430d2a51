import * as l10n from '@vscode/l10n';
import { DEFAULTS } from './defaults.ts';
import type { FieldReader } from './fieldReader.ts';
import type { FileWatchSpec } from './model.ts';
import type { RawWatch } from './triggerSchemas.ts';
import type { ValuePath } from './yamlTree.ts';

/** The watch at `path`; `folder` is the working directory of the process. */
export function readWatch(
  raw: RawWatch,
  path: ValuePath,
  folder: string,
  reader: FieldReader,
): FileWatchSpec {
  const options = Array.isArray(raw) ? { paths: raw } : raw;
  const pathsAt = Array.isArray(raw) ? path : [...path, 'paths'];
  return {
    paths: readGlobs(options.paths, pathsAt, reader),
    ignore: readGlobs(options.ignore ?? [], [...path, 'ignore'], reader),
    folder,
    debounceMs: reader.duration([...path, 'debounce'], DEFAULTS.debounce, true),
    isGitignoreUsed: options.gitignore ?? DEFAULTS.gitignore,
  };
}

function readGlobs(raw: readonly string[], path: ValuePath, reader: FieldReader): string[] {
  return raw.flatMap((_, at) => {
    const glob = reader.text([...path, at]);
    if (glob === undefined) return [];
    const fault = globFault(glob, path.at(-1) === 'ignore');
    if (fault !== undefined) reader.error('wrong-type', [...path, at], fault);
    return [glob];
  });
}

function globFault(glob: string, isIgnored: boolean): string | undefined {
  if (glob.startsWith('!')) {
    return isIgnored
      ? l10n.t('"!" is not known here; leave it out.')
      : l10n.t('"!" is not known here; write what is to be left out under "ignore".');
  }
  if (/^(?:[/\\~]|[a-z]:[/\\])/i.test(glob)) {
    return l10n.t('A glob is relative to the directory of the process; for another one set "workdir".'); // prettier-ignore
  }
  if (glob.includes('\\')) return l10n.t('Write "/" between folders.');
  if (glob.split('/').includes('..')) {
    return l10n.t('".." leaves the directory of the process; set "workdir" to a folder above.');
  }
  return undefined;
}
