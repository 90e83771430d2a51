import type { OperationResult } from '../controller/snapshot.ts';
import { type Context, note } from './context.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';

/** Says how an operation came out: what went wrong by name, on standard error. */
export function reportResult(
  { output, style, errorStyle }: Context,
  { succeeded, failed, cancelled }: OperationResult,
  want: 'up' | 'down',
): ExitCode {
  const word = want === 'up' ? 'up' : 'stopped';
  for (const name of succeeded) output.line(`${style('green', '✔')} ${name} ${word}`);
  for (const { name, reason } of failed) note(`${errorStyle('red', '✘')} ${name}: ${reason}`);
  for (const name of cancelled) {
    note(`${errorStyle('yellow', '✘')} ${name}: overtaken by another request`);
  }
  return failed.length + cancelled.length === 0 ? exitCodes.ok : exitCodes.failed;
}
