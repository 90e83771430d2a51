import { type FileHandle, open, stat } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { errorMessage, systemErrorCode } from '../base/errors.ts';
import { LIMITS } from './defaults.ts';

/** What became of reading a file. */
export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** The text of a file of bounded size. Does not reject. */
export async function readTextFile(path: string): Promise<FileText> {
  let handle: FileHandle | undefined;
  try {
    // Asked before it is opened: opening a named pipe would wait for its other end.
    if (!(await stat(path)).isFile()) return unreadable(l10n.t('it is not a file'));
    handle = await open(path, 'r');
    const { size } = await handle.stat();
    if (size > LIMITS.fileBytes) return unreadable(l10n.t('it is larger than 1 MB'));
    const text = await handle.readFile('utf8');
    if (text.includes('\0')) return unreadable(l10n.t('it is not UTF-8 text'));
    return { kind: 'text', text };
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    return unreadable(errorMessage(error));
  } finally {
    await handle?.close();
  }
}

function unreadable(reason: string): FileText {
  return { kind: 'unreadable', reason };
}
