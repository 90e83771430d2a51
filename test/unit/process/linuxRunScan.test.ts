import assert from 'node:assert/strict';
import { startTicks } from '../../../src/process/linuxProcessTable.ts';
import { type RunScanResult, scanForRuns } from '../../../src/process/linuxRunScan.ts';
import { endPrograms, type ProgramRun, runProgram } from '../../support/programRun.ts';
import { onlyOnLinux } from '../../support/skip.ts';
import { until } from '../../support/until.ts';

describe('scanForRuns', () => {
  before(function () {
    onlyOnLinux(this);
  });
  afterEach(endPrograms);

  /** One process only: what a shell starts for a command can be younger than the next program. */
  const alone = 'exec sleep 60';

  const ticksOf = (run: ProgramRun): number => startTicks(run.target.startTime) ?? Number.NaN;

  /** A program that was started at least one tick of the clock later. */
  async function runLater(than: ProgramRun): Promise<ProgramRun> {
    return until('a later program', async () => {
      const run = await runProgram(alone, { isRecorded: false });
      return ticksOf(run) > ticksOf(than) ? run : undefined;
    });
  }

  async function scan(oldest?: ProgramRun): Promise<RunScanResult & { runIds: Set<string> }> {
    const runIds = new Set<string>();
    const result = await scanForRuns({
      visit: (_, marks) => runIds.add(marks.runId),
      oldest: oldest?.target.startTime,
    });
    return { ...result, runIds };
  }

  it('leaves out what is older than all that is asked for, however often it looks', async () => {
    const elder = await runProgram(alone, { isRecorded: false });
    const run = await runLater(elder);
    for (let look = 0; look < 3; look++) {
      const { runIds, table } = await scan(run);
      assert(runIds.has(run.target.runId));
      assert(!runIds.has(elder.target.runId));
      assert(table.some(({ pid }) => pid === run.pid));
    }
    assert((await scan(elder)).runIds.has(elder.target.runId));
    assert((await scan()).runIds.has(elder.target.runId));
  });

  it('looks at all that the oldest of several needs', async () => {
    const elder = await runProgram(alone, { isRecorded: false });
    const run = await runLater(elder);
    const looks = await Promise.all([scan(run), scan(elder)]);
    for (const { runIds } of looks) assert(runIds.has(elder.target.runId));
    const [bounded, unbounded] = await Promise.all([scan(run), scan()]);
    assert.deepEqual(bounded.runIds, unbounded.runIds);
  });

  it('finds what was started since the last look, and has not what has ended', async () => {
    const elder = await runProgram(alone, { isRecorded: false });
    const first = await runLater(elder);
    await scan(first);
    const second = await runLater(first);
    assert((await scan(first)).runIds.has(second.target.runId));
    process.kill(-second.pid, 'SIGKILL');
    await second.exited;
    await until('its end', async () => !(await scan()).runIds.has(second.target.runId));
    const { runIds, table } = await scan(first);
    assert(!runIds.has(second.target.runId));
    assert(!table.some(({ pid }) => pid === second.pid));
  });
});
