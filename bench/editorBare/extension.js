// The limit for what an extension shows: a status bar item at activation, and a row for each name in
// dev-env.yaml that flips between two states at once, with nothing behind it.
/* global require, exports */
/* eslint-disable @typescript-eslint/no-require-imports -- extensions of the older kind, as this one is */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const vscode = require('vscode');

exports.activate = ({ subscriptions }) => {
  const changes = new vscode.EventEmitter();
  let rows;
  const tree = {
    onDidChangeTreeData: changes.event,
    getChildren: (row) => (row === undefined ? (rows ??= readRows()) : []),
    getTreeItem: ({ name, state }) => {
      const item = new vscode.TreeItem(name);
      item.id = name;
      item.description = state;
      item.iconPath = new vscode.ThemeIcon(state === 'running' ? 'pass-filled' : 'circle-outline');
      item.accessibilityInformation = { label: `${name}, ${state}`, role: 'treeitem' };
      return item;
    },
  };
  const flip = (row) => {
    row.state = row.state === 'running' ? 'stopped' : 'running';
  };
  const status = vscode.window.createStatusBarItem('status', vscode.StatusBarAlignment.Left, 50);
  status.text = 'bare is there';
  status.show();
  subscriptions.push(
    status,
    vscode.window.createTreeView('benchBare.rows', { treeDataProvider: tree }),
    vscode.commands.registerCommand('benchBare.flip', (row) => {
      flip(row);
      changes.fire(row);
    }),
    vscode.commands.registerCommand('benchBare.flipAll', () => {
      for (const row of rows) flip(row);
      changes.fire(undefined);
    }),
  );
};

function readRows() {
  const folder = vscode.workspace.workspaceFolders[0].uri.fsPath;
  const text = readFileSync(join(folder, 'dev-env.yaml'), 'utf8');
  return [...text.matchAll(/name: ([\w-]+)/g)].map(([, name]) => ({ name, state: 'stopped' }));
}
