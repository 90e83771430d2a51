import * as l10n from '@vscode/l10n';
import { DevEnvError } from '../base/errors.ts';
import { closest } from '../config/suggest.ts';
import type { EnvironmentModel, ProcessModel } from '../config/model.ts';
import type { RequestedBy } from './snapshot.ts';

/** Before the name of a group, where a process could have the same name. */
export const groupPrefix = 'group:';

/** What a list of names of processes and groups means. */
export interface Targets {
  /** Every process that is meant, once. */
  readonly names: readonly string[];
  /** Those that were named themselves, and not as a part of a group. */
  readonly named: ReadonlySet<string>;
  /** What was asked for, as it was asked for; undefined for everything. */
  readonly words: string | undefined;
}

type Member = Pick<ProcessModel, 'name' | 'groups'>;

/** The groups of processes, in the order in which the file first names them. */
export function groupNames(processes: readonly Pick<ProcessModel, 'groups'>[]): readonly string[] {
  return [...new Set(processes.flatMap(({ groups }) => groups))];
}

/** Is it part of "all": without profiles of its own, or with one that is active? */
export function isInActiveProfiles(
  { profiles }: Pick<ProcessModel, 'profiles'>,
  activeProfiles: readonly string[],
): boolean {
  return profiles.length === 0 || profiles.some((profile) => activeProfiles.includes(profile));
}

/** What "all" means: the processes that belong to no profile, or to an active one. */
export function namesOfAll({ processes, activeProfiles }: EnvironmentModel): readonly string[] {
  return processes
    .filter((process) => isInActiveProfiles(process, activeProfiles))
    .map(({ name }) => name);
}

/**
 * Finds the processes that are meant. A name is that of a process or, if there is none, of a group;
 * with `group:` before it always of a group.
 * @throws DevEnvError `unknown-process` for the first name that is neither.
 */
export function resolveTargets(processes: readonly Member[], asked: readonly string[]): Targets {
  const known = new Set(processes.map(({ name }) => name));
  const named = new Set<string>();
  const names = new Set<string>();
  for (const word of asked) {
    if (known.has(word)) {
      named.add(word);
      names.add(word);
      continue;
    }
    const members = membersOf(processes, word);
    if (members.length === 0) throw unknown(word, processes);
    for (const { name } of members) names.add(name);
  }
  return { names: [...names], named, words: asked.join(', ') };
}

/** All of these, because everything was asked for. */
export function everything(names: readonly string[]): Targets {
  return { names, named: new Set(), words: undefined };
}

export interface StartTargets {
  readonly run: readonly string[];
  /** They start when their schedule says so, and not now. */
  readonly arm: readonly string[];
}

/**
 * A task with a schedule starts with its schedule: when everything, a group or what starts by itself
 * is started, it is only made ready for that. Asked for by its name, it runs now, too.
 */
export function startTargets(
  processes: readonly Pick<ProcessModel, 'name' | 'kind' | 'schedule'>[],
  { names, named }: Targets,
  by: RequestedBy,
): StartTargets {
  const scheduled = new Set(
    processes
      .filter((process) => process.kind === 'task' && process.schedule !== undefined)
      .map(({ name }) => name),
  );
  const isOnlyArmed = (name: string): boolean =>
    scheduled.has(name) && (by === 'autostart' || !named.has(name));
  return {
    run: names.filter((name) => !isOnlyArmed(name)),
    arm: names.filter(isOnlyArmed),
  };
}

function membersOf(processes: readonly Member[], word: string): readonly Member[] {
  const group = word.startsWith(groupPrefix) ? word.slice(groupPrefix.length) : word;
  return processes.filter(({ groups }) => groups.includes(group));
}

function unknown(word: string, processes: readonly Member[]): DevEnvError {
  const isGroup = word.startsWith(groupPrefix);
  const name = isGroup ? word.slice(groupPrefix.length) : word;
  const groups = groupNames(processes);
  const candidates = isGroup ? groups : [...processes.map((process) => process.name), ...groups];
  const meant = closest(name, candidates);
  const message = isGroup
    ? l10n.t('There is no group "{0}".', name)
    : groups.length === 0
      ? l10n.t('There is no process "{0}".', name)
      : l10n.t('There is no process or group "{0}".', name);
  const hint = meant === undefined ? '' : ` ${l10n.t('Did you mean "{0}"?', meant)}`;
  return new DevEnvError('unknown-process', `${message}${hint}`, { name: word });
}
