import * as vscode from 'vscode';
import type { CommandId } from './ids.ts';

/** Text for Markdown in which nothing of it is taken for Markdown, HTML, an icon or a table. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\\`*_{}[\]()#+\-.!|<>~$&]/g, String.raw`\$&`)
    .replaceAll(/\s*[\r\n]+\s*/g, ' ');
}

/** A link that runs a command; works only in Markdown that enables the command. */
export function commandLink(label: string, command: CommandId, args: readonly unknown[]): string {
  return `[${label}](${commandUri(command, args).toString()})`;
}

export function commandUri(command: CommandId, args: readonly unknown[]): vscode.Uri {
  return vscode.Uri.parse(`command:${command}?${encodeURIComponent(JSON.stringify(args))}`);
}

/** Markdown with icons, in which exactly these commands may be linked. */
export function markdownWith(commands: readonly CommandId[]): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString('', true);
  if (commands.length > 0) markdown.isTrusted = { enabledCommands: [...commands] };
  return markdown;
}
