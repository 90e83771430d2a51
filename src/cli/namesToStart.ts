import { isInActiveProfiles } from '../controller/targets.ts';

/**
 * What to name in a request: undefined for all. With profiles on the command line, "all" is what
 * they say, whoever runs the environment and whichever are active there.
 */
export function namesToStart(
  names: readonly string[],
  processes: readonly { readonly name: string; readonly profiles: readonly string[] }[],
  profiles: readonly string[],
): readonly string[] | undefined {
  if (names.length > 0) return names;
  if (profiles.length === 0) return undefined;
  return processes
    .filter((process) => isInActiveProfiles(process, profiles))
    .map(({ name }) => name);
}
