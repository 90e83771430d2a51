import * as vscode from 'vscode';
import { errorMessage } from '../base/errors.ts';

/**
 * For work that nobody waits for: what goes wrong in it is told to the person, who pressed a button
 * some time ago, in a world that may have changed since.
 */
export function orTell(work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    void vscode.window.showErrorMessage(errorMessage(error));
  });
}
