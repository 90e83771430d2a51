import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension', () => {
  const extension = vscode.extensions.getExtension('dev-env.dev-env');

  it('is activated by the file in the workspace', async () => {
    assert.ok(extension, 'not installed');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('runs where the workspace is', () => {
    assert.equal(extension?.extensionKind, vscode.ExtensionKind.Workspace);
  });

  it('registers every command it contributes', async () => {
    const manifest = extension?.packageJSON as {
      contributes: { commands: readonly { readonly command: string }[] };
    };
    const registered = new Set(await vscode.commands.getCommands(true));
    for (const { command } of manifest.contributes.commands) {
      assert.ok(registered.has(command), command);
    }
  });
});
