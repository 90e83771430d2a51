import * as vscode from 'vscode';
import { type SettingId, settingsSection } from './ids.ts';

/** What opening a folder does with the processes that ask to be started. */
export type AutoStartSetting = 'ask' | 'always' | 'never';

function read<T>(id: SettingId, fallback: T, scope?: vscode.Uri): T {
  const key = id.slice(settingsSection.length + 1);
  return vscode.workspace.getConfiguration(settingsSection, scope ?? null).get<T>(key) ?? fallback;
}

/** Where the file is, relative to the folder or absolute; undefined for the usual names. */
export function configFileSetting(folder: vscode.WorkspaceFolder): string | undefined {
  const value = read<unknown>('devEnv.configFile', '', folder.uri);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/**
 * Its scope is `machine`: a repository must not be able to decide in its own settings that its
 * commands run without a question.
 */
export function autoStartSetting(): AutoStartSetting {
  const value = read<unknown>('devEnv.autoStart', 'ask');
  return value === 'always' || value === 'never' ? value : 'ask';
}

/** Does the environment go on without its window? */
export function onWindowCloseSetting(): 'stop' | 'keep' {
  return read<unknown>('devEnv.onWindowClose', 'stop') === 'keep' ? 'keep' : 'stop';
}

export function hasTimestamps(): boolean {
  return read('devEnv.output.timestamps', false);
}

export function notifiesOnFailure(): boolean {
  return read('devEnv.notifyOnFailure', true);
}

export function onDidChangeSetting(id: SettingId, listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(id)) listener();
  });
}
