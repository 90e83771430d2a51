import type { FolderEnvironment } from '../folderEnvironment.ts';

/** Names a process of a folder to the page; the page only ever gives it back. */
export function rowId(environment: FolderEnvironment, name: string): string {
  return `${environment.folder.uri.toString()}#${name}`;
}
