import * as l10n from '@vscode/l10n';
import { errorMessage } from '../base/errors.ts';
import { DEFAULTS } from './defaults.ts';
import type { FieldReader } from './fieldReader.ts';
import type { Schedule } from './model.ts';
import { withSuggestion } from './schemaCheck.ts';
import type { RawSchedule } from './triggerSchemas.ts';
import type { ValuePath } from './yamlTree.ts';

/** The schedule at `path`; undefined if it makes no sense (reported). */
export async function readSchedule(
  raw: RawSchedule,
  path: ValuePath,
  reader: FieldReader,
): Promise<Schedule | undefined> {
  const isMap = typeof raw === 'object';
  const cronPath = isMap ? [...path, 'cron'] : path;
  const cron = reader.text(cronPath);
  const timeZone = isMap ? readTimeZone([...path, 'timezone'], reader) : undefined;
  const overlap = (isMap ? raw.overlap : undefined) ?? DEFAULTS.overlap;
  if (cron === undefined) return undefined;
  const fault = await cronFault(cron);
  if (fault === undefined) return { cron, timeZone, overlap };
  reader.error('wrong-type', cronPath, fault);
  return undefined;
}

/** With every minute and hour written out it is half as long. */
const maxCronLength = 1000;

/** What is wrong with an expression, if anything. The package is loaded for the first one only. */
async function cronFault(cron: string): Promise<string | undefined> {
  if (cron.length > maxCronLength) {
    return l10n.t('A cron expression can have at most {0} characters.', maxCronLength);
  }
  const { Cron } = await import('croner');
  try {
    // In UTC, since in some zones a time may fall into the hour that is left out in spring.
    const next = new Cron(cron, { mode: '5-or-6-parts', timezone: 'UTC', paused: true }).nextRun();
    return next === null ? l10n.t('This time never comes.') : undefined;
  } catch (error) {
    const reason = errorMessage(error)
      .replace(/^(?:Cron\w+|\w*Error): /, '')
      .replace(/\.$/, '');
    return l10n.t('Not a cron expression such as "*/5 * * * *": {0}.', reason);
  }
}

function readTimeZone(path: ValuePath, reader: FieldReader): string | undefined {
  const timeZone = reader.text(path);
  if (timeZone === undefined) return undefined;
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return timeZone;
  } catch {
    const known = Intl.supportedValuesOf('timeZone');
    // `berlin` is written by people who mean `Europe/Berlin`.
    const byCity = known.find((name) => name.toLowerCase().endsWith(`/${timeZone.toLowerCase()}`));
    const meant = byCity ?? reader.diagnostics.closest(timeZone, known);
    const message = l10n.t('There is no time zone "{0}".', timeZone);
    reader.error('wrong-type', path, withSuggestion(message, meant), meant);
    return undefined;
  }
}
