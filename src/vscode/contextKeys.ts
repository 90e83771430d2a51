import * as vscode from 'vscode';
import type { ContextKey, ContextValues } from './ids.ts';

/** Sets context keys, and only those that changed: each is a message to the workbench. */
export class ContextKeys {
  readonly #known = new Map<ContextKey, unknown>();

  set(values: Partial<ContextValues>): void {
    for (const [key, value] of Object.entries(values) as [ContextKey, unknown][]) {
      if (this.#known.get(key) === value) continue;
      this.#known.set(key, value);
      void vscode.commands.executeCommand('setContext', key, value);
    }
  }

  get<K extends ContextKey>(key: K): ContextValues[K] | undefined {
    return this.#known.get(key) as ContextValues[K] | undefined;
  }
}
