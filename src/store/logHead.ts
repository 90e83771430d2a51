import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { writeAtomically } from './atomicFile.ts';

/** Beside a log file: where in it what is kept begins. */
function headPath(logPath: string): string {
  return `${logPath}.head`;
}

/**
 * Where what is kept of a log begins, in bytes; 0 when nothing was dropped. What is before is a hole
 * in the file that reads as zeros. It is the beginning of a line.
 */
export function readLogHead(logPath: string): number {
  try {
    const head = Number(readFileSync(headPath(logPath), 'utf8'));
    return Number.isSafeInteger(head) && head > 0 ? head : 0;
  } catch {
    return 0;
  }
}

/** To be written before the hole is made, so that no reader takes its zeros for output. */
export async function writeLogHead(logPath: string, head: number): Promise<void> {
  if (head > 0) await writeAtomically(headPath(logPath), `${String(head)}\n`);
  else await rm(headPath(logPath), { force: true });
}
