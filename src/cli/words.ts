import type { ControlledProcess } from '../control/protocol.ts';
import type { Ink } from './style.ts';

/** How long, as exact as a person cares for: `850 ms`, `4.2 s`, `3 min`, `2 h 5 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${String(Math.max(0, Math.round(ms)))} ms`;
  if (ms < 60_000) return `${String(Math.round(ms / 100) / 10)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${String(minutes)} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${String(hours)} h ${String(minutes % 60)} min`;
  return `${String(Math.floor(hours / 24))} d ${String(hours % 24)} h`;
}

/** `1.2 GB`, `340 MB`, `12 KB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = value < 10 && unit > 0 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`;
}

/** Nothing is running, and nothing will by itself. */
export function isAtRest({ state, nextScheduledAtMs }: ControlledProcess): boolean {
  if (nextScheduledAtMs !== undefined) return false;
  return state === 'stopped' || state === 'completed' || state === 'failed';
}

export function stateInk({ state, health }: ControlledProcess): Ink {
  switch (state) {
    case 'running':
      return health === 'unhealthy' ? 'red' : 'green';
    case 'completed':
      return 'green';
    case 'failed':
      return 'red';
    case 'backoff':
    case 'starting':
    case 'waiting':
    case 'stopping':
      return 'yellow';
    case 'stopped':
      return 'dim';
  }
}

/** The state, and what its health check says when it is not well. Colour alone tells nothing. */
export function stateText({ state, health }: ControlledProcess): string {
  if (state === 'backoff') return 'restarting soon';
  return state === 'running' && health === 'unhealthy' ? 'unhealthy' : state;
}

/** What became of a process, for one line among its output; undefined when there is no news. */
export function newsOf(
  before: ControlledProcess | undefined,
  now: ControlledProcess,
): { text: string; ink: Ink } | undefined {
  if (before?.state === now.state && before.health === now.health) return undefined;
  const because = now.reason === undefined ? '' : `: ${now.reason}`;
  switch (now.state) {
    case 'running': {
      if (now.health === 'unhealthy') {
        return { text: `unhealthy: ${now.healthReason ?? ''}`, ink: 'red' };
      }
      if (before?.state === 'running') {
        return before.health === 'unhealthy' ? { text: 'healthy again', ink: 'green' } : undefined;
      }
      const { readyAtMs, startedAtMs } = now;
      if (now.kind === 'task' || readyAtMs === undefined || startedAtMs === undefined) {
        return { text: 'running', ink: 'green' };
      }
      return { text: `ready after ${formatDuration(readyAtMs - startedAtMs)}`, ink: 'green' };
    }
    case 'starting':
    case 'stopping':
      return undefined;
    case 'waiting':
      return now.reason === undefined ? undefined : { text: now.reason, ink: 'dim' };
    case 'backoff': {
      const waitMs = (now.nextStartAtMs ?? Date.now()) - Date.now();
      return { text: `ended${because}; restarts in ${formatDuration(waitMs)}`, ink: 'yellow' };
    }
    case 'completed':
      return { text: 'completed', ink: 'green' };
    case 'failed':
      return { text: `failed${because}`, ink: 'red' };
    case 'stopped':
      return before === undefined || now.run === 0 ? undefined : { text: 'stopped', ink: 'dim' };
  }
}
