import * as vscode from 'vscode';
import type { SourceRange } from '../../config/model.ts';

export function toRange({ start, end }: SourceRange): vscode.Range {
  return new vscode.Range(start.line, start.column, end.line, end.column);
}

/** Is `position` within the range, or just behind it, where a cursor stands that typed it? */
export function touches(range: SourceRange, position: vscode.Position): boolean {
  return toRange(range).contains(position);
}
