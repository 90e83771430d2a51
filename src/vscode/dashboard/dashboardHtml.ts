import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { DashboardWords } from '../../webview/words.ts';

/** Where the page's script and style sheet are, within the extension. */
export function pageFolder(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

/** The page, which may run its own script and nothing else, and may load nothing from anywhere. */
export function dashboardHtml(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  words: DashboardWords,
): string {
  const nonce = randomBytes(16).toString('base64');
  const uri = (file: string): string =>
    escapeHtml(
      webview.asWebviewUri(vscode.Uri.joinPath(pageFolder(extensionUri), file)).toString(),
    );
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(words.title)}</title>
<link rel="stylesheet" href="${uri('dashboard.css')}">
</head>
<body>
<div id="app" data-words="${escapeHtml(JSON.stringify(words))}"></div>
<script nonce="${nonce}" src="${uri('dashboard.js')}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
