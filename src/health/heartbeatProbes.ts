import * as l10n from '@vscode/l10n';
import { Emitter } from '../base/emitter.ts';
import type { HeartbeatSource } from './heartbeatSocket.ts';
import type { Probe } from './probe.ts';

/** Well as soon as the process has said READY=1; and so it stays. */
export function createHeartbeatProbe(source: HeartbeatSource): Probe {
  const changed = new Emitter<void>();
  const subscription = source.onDidHear(({ kind }) => {
    if (kind === 'ready') changed.fire();
  });
  return {
    check: () =>
      Promise.resolve(
        source.isReady
          ? { ok: true, seen: 'READY=1' }
          : { ok: false, seen: l10n.t('no READY=1 yet') },
      ),
    onDidChange: changed.event,
    dispose() {
      subscription.dispose();
      changed.dispose();
    },
  };
}

/**
 * Well when the process has said WATCHDOG=1 (or READY=1) since the last try. So missing beats for
 * `interval` × `failure_threshold` make it unhealthy.
 */
export function createHeartbeatLivenessProbe(source: HeartbeatSource): Probe {
  let beats = 0;
  const subscription = source.onDidHear(({ kind }) => {
    if (kind !== 'status') beats++;
  });
  return {
    isListening: true,
    check() {
      const result =
        beats > 0
          ? { ok: true, seen: 'WATCHDOG=1' }
          : { ok: false, seen: l10n.t('no WATCHDOG=1 since the last look') };
      beats = 0;
      return Promise.resolve(result);
    },
    dispose: () => subscription.dispose(),
  };
}
