import type * as vscode from 'vscode';
import type { ProcessSnapshot } from '../../controller/snapshot.ts';
import type { ProcessRef } from '../environments.ts';
import { iconText } from '../tree/processIcon.ts';
import { describeProcess, stateWord } from '../words.ts';

export interface ProcessQuickPickItem extends vscode.QuickPickItem {
  readonly ref: ProcessRef;
}

export function processQuickPickItem(
  ref: ProcessRef,
  process: ProcessSnapshot,
  namesFolder: boolean,
): ProcessQuickPickItem {
  const words = describeProcess(process, Date.now()) || stateWord(process.state);
  const folder = ref.environment.folder.name;
  return {
    ref,
    label: `${iconText(process)} ${process.name}`,
    description: namesFolder ? `${folder} · ${words}` : words,
  };
}
