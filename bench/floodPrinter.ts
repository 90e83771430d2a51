import { open } from 'node:fs/promises';
import { stripAnsi } from '../src/store/ansi.ts';

/** Of each line, with its escape sequences and its line feed. */
export const floodLineBytes = 100;

/**
 * A program for `node -e` that prints so many lines as fast as a Node program can: in big writes.
 * Each line says its own number, so that none can be missing or doubled unseen.
 */
export function floodScript(lines: number): string {
  return `
const { writeSync } = require('node:fs');
const total = ${String(lines)};
const perBlock = 640;
for (let i = 0; i < total; i += perBlock) {
  let block = '';
  for (let j = i; j < Math.min(total, i + perBlock); j += 1) {
    block += '\\x1b[32m' + String(j).padStart(12, '0') + '\\x1b[0m ' + 'x'.repeat(${floodLineBytes - 23}) + '\\n';
  }
  let bytes = Buffer.from(block);
  while (bytes.length > 0) bytes = bytes.subarray(writeSync(1, bytes));
}`;
}

/** The number a line of the flood says. */
export function floodLineNumber(line: string): number {
  return Number(stripAnsi(line).slice(0, 12));
}

/** Whether the file holds every line, once and in order, and nothing else. */
export async function holdsWholeFlood(file: string, lines: number): Promise<boolean> {
  const handle = await open(file);
  let next = 0;
  for await (const line of handle.readLines()) {
    if (floodLineNumber(line) !== next) return false;
    next += 1;
  }
  return next === lines;
}
