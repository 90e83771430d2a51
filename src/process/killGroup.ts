import { systemClock } from '../base/clock.ts';
import type { ProcessIdentity } from './identity.ts';
import { stopTree } from './stopTree.ts';

/**
 * Kills what is there of a program that runs beside a run and carries its mark, like the command of
 * a probe. The run must not be killed with it: so by group only. Who leaves the group stays until
 * the run ends, and is then found by the mark.
 */
export async function killGroup(leader: ProcessIdentity): Promise<void> {
  if (process.platform === 'win32') {
    const target = { ...leader, runId: '' };
    await stopTree(target, { signal: 'SIGKILL', graceMs: 0, clock: systemClock });
    return;
  }
  try {
    process.kill(-leader.pid, 'SIGKILL');
  } catch {
    // Nothing left, as nearly always.
  }
}
