import { createHash } from 'node:crypto';
import type { EnvironmentModel, ProcessModel } from './model.ts';

/** Names of the processes by what became of them, each list in the order of its model. */
export interface ModelDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** In both, but what runs would have to be started again to be what the file says. */
  readonly changed: readonly string[];
}

/** What can change while a process runs: how it is shown, grouped, kept and set off. */
type Changeable =
  | 'description'
  | 'url'
  | 'autostart'
  | 'groups'
  | 'profiles'
  | 'logging'
  | 'problemMatchers'
  | 'schedule'
  | 'watch';

/** A process without what can change while it runs. */
export type RuntimeDefinition = Omit<ProcessModel, Changeable>;

/** Compares two models; the order of processes, keys and dependencies does not count. */
export function diffModels(before: EnvironmentModel, after: EnvironmentModel): ModelDiff {
  const old = new Map(before.processes.map((process) => [process.name, process]));
  const present = new Map(after.processes.map((process) => [process.name, process]));
  return {
    added: [...present.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !present.has(name)),
    changed: after.processes
      .filter((process) => {
        const previous = old.get(process.name);
        return previous !== undefined && canonical(previous) !== canonical(process);
      })
      .map((process) => process.name),
  };
}

export function runtimeDefinition(process: ProcessModel): RuntimeDefinition {
  const {
    description: _description,
    url: _url,
    autostart: _autostart,
    groups: _groups,
    profiles: _profiles,
    logging: _logging,
    problemMatchers: _problemMatchers,
    schedule: _schedule,
    watch: _watch,
    ...runtime
  } = process;
  const dependsOn = [...process.dependsOn].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...runtime, dependsOn };
}

/**
 * SHA-256 in hex of what runs. It covers environment values without showing them; it is stored
 * only to notice a change.
 */
export function definitionHash(process: ProcessModel): string {
  let hash = hashes.get(process);
  if (hash === undefined) {
    hash = createHash('sha256').update(canonical(process)).digest('hex');
    hashes.set(process, hash);
  }
  return hash;
}

/** A definition never changes, and every snapshot of its process asks for the hash. */
const hashes = new WeakMap<ProcessModel, string>();

function canonical(process: ProcessModel): string {
  return JSON.stringify(runtimeDefinition(process), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
