import type { FolderEnvironment } from '../folderEnvironment.ts';

/** A folder in the tree; shown only when there are several environments. */
export interface FolderNode {
  readonly kind: 'folder';
  readonly environment: FolderEnvironment;
}

/** A process in the tree. Says which one, not how it is: that is looked up when it is drawn. */
export interface ProcessNode {
  readonly kind: 'process';
  readonly environment: FolderEnvironment;
  readonly name: string;
}

/** A group of processes in the tree; it holds those whose first group it is. */
export interface GroupNode {
  readonly kind: 'group';
  readonly environment: FolderEnvironment;
  readonly name: string;
}

export type TreeNode = FolderNode | GroupNode | ProcessNode;

const kinds: ReadonlySet<unknown> = new Set<TreeNode['kind']>(['folder', 'group', 'process']);

export function isTreeNode(value: unknown): value is TreeNode {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  return kinds.has(value.kind) && 'environment' in value;
}
