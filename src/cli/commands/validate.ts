import type { Context } from '../context.ts';
import { exitCodes } from '../exitCodes.ts';
import { formatDiagnostics, readConfig } from '../loadModel.ts';

/** Says what is wrong with the file, as the Problems panel does; starts nothing. */
export async function validate({ place, output, style }: Context): Promise<number> {
  const read = await readConfig(place, undefined);
  const shown = formatDiagnostics(read, place.configPath, style);
  if (shown !== '') output.line(shown);
  const { model, diagnostics } = read.result;
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const counts = [count(errors, 'error'), count(warnings, 'warning')].filter((text) => text !== '');
  const found = counts.length === 0 ? 'no problems' : counts.join(', ');
  output.line(
    model === undefined
      ? `${style('red', '✘')} ${place.configPath}: ${found}`
      : `${style('green', '✔')} ${place.configPath}: ${String(model.processes.length)} processes, ${found}`,
  );
  return model === undefined ? exitCodes.config : exitCodes.ok;
}

function count(number: number, noun: string): string {
  if (number === 0) return '';
  return number === 1 ? `1 ${noun}` : `${String(number)} ${noun}s`;
}
