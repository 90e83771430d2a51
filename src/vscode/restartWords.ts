import * as l10n from '@vscode/l10n';
import type { RestartCounts } from '../controller/snapshot.ts';

/** "2 after crashes, 1 by you": what began the restarts of a process; undefined for none. */
export function restartCountsText(counts: RestartCounts): string | undefined {
  const { crash, health, limit, you, watch, schedule, dependency, ...others } = counts;
  const rest = Object.values(others).reduce((sum, count) => sum + count, 0);
  const parts = [
    part(crash, (count) => l10n.t('{0} after a crash', count)),
    part(health, (count) => l10n.t('{0} when unhealthy', count)),
    part(limit, (count) => l10n.t('{0} beyond a limit', count)),
    part(you, (count) => l10n.t('{0} by you', count)),
    part(watch, (count) => l10n.t('{0} for changed files', count)),
    part(schedule, (count) => l10n.t('{0} by its schedule', count)),
    part(dependency, (count) => l10n.t('{0} with a dependency', count)),
    part(rest, (count) => l10n.t('{0} otherwise', count)),
  ].filter((text) => text !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
}

function part(count: number | undefined, say: (count: number) => string): string | undefined {
  return count === undefined || count === 0 ? undefined : say(count);
}
