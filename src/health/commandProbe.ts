import * as l10n from '@vscode/l10n';
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { delay, systemClock } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import type { CommandProbe } from '../config/model.ts';
import type { ExitStatus } from '../process/exitFile.ts';
import { killGroup } from '../process/killGroup.ts';
import { type RunningProcess, spawnProcess } from '../process/spawn.ts';
import { type Attempt, withinTime } from './attempt.ts';
import type { Probe, ProbeContext, ProbeResult } from './probe.ts';

/**
 * Well when a command ends with 0 in time. It runs with the directory and environment of the
 * process, in a group of its own, which is killed as a whole when the time is up or the command
 * has left something behind. What it prints is dropped.
 */
export function createCommandProbe(
  { command, timeoutMs }: CommandProbe,
  { workdir, env }: Pick<ProbeContext, 'workdir' | 'env'>,
): Probe {
  let isUnderWay = false;
  return {
    async check(outer) {
      // One that cannot even be killed (a dead network file system) must not be joined by more.
      if (isUnderWay) return { ok: false, seen: l10n.t('the previous try has not ended') };
      // From before the start on, which takes a while: two must not pass here.
      isUnderWay = true;
      return withinTime(outer, timeoutMs, async (attempt) => {
        let running: RunningProcess;
        try {
          running = await start();
        } catch (error) {
          isUnderWay = false;
          return { ok: false, seen: errorMessage(error) };
        }
        void running.exited.then(() => {
          isUnderWay = false;
        });
        return outcome(running, attempt);
      });
    },
  };

  async function start(): Promise<RunningProcess> {
    const logFd = openSync(devNull, 'w');
    try {
      return await spawnProcess({ command, workdir, env: await env(), logFd });
    } finally {
      closeSync(logFd);
    }
  }
}

async function outcome(running: RunningProcess, attempt: Attempt): Promise<ProbeResult> {
  const status = await Promise.race([running.exited, aborted(attempt.signal)]);
  await killGroup(running.identity);
  // Dying takes a moment, but not for ever.
  if (status === undefined) await Promise.race([running.exited, delay(systemClock, 1000)]);
  if (status === undefined) {
    return { ok: false, seen: l10n.t('no end after {0} ms, killed', attempt.elapsedMs()) };
  }
  return { ok: status.code === 0, seen: describe(status) };
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const end = (): void => resolve(undefined);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

function describe({ code, signal }: ExitStatus): string {
  return code === undefined ? l10n.t('ended by {0}', signal ?? '?') : l10n.t('exit code {0}', code);
}
