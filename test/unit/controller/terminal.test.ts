import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import {
  connectTerminal,
  type TerminalConnection,
} from '../../../src/process/terminal/connectTerminal.ts';
import { findTerminalPython } from '../../../src/process/terminal/findPython.ts';
import { skip } from '../../support/skip.ts';
import { Stage, startedHost } from '../../support/stage.ts';
import { openTestEnvironment, processModel } from '../../support/testEnvironment.ts';
import { until } from '../../support/until.ts';

describe('the terminal of a process', function () {
  this.timeout(400_000);

  before(async function () {
    const python = await findTerminalPython(process.env['PATH']);
    if (python === undefined) skip(this, 'there is no Python 3 here');
  });

  it('can be typed into before and after a crash of the host, and goes with the run', async () => {
    await using stage = await Stage.set(() => [
      processModel('shell', 'echo "$TERM"; while read line; do echo "got <$line>"; done; exit 4', {
        interactive: true,
      }),
    ]);
    const first = await startedHost(stage);
    await first.until((host) => host.process('shell')?.state === 'running');
    await stage.recorded(first);
    const { terminalSocket, logPath } = first.process('shell')!;
    assert.ok(terminalSocket !== undefined && logPath !== undefined);
    const shows = (text: string): Promise<unknown> =>
      until(text, () => readFileSync(logPath, 'utf8').includes(text));
    await shows('xterm-256color');

    await typing(terminalSocket, async (terminal) => {
      terminal.write('one\r');
      await shows('got <one>');
      await first.kill();
      terminal.write('two\r');
      await shows('got <two>');
    });

    const second = await stage.host().untilOpen();
    assert.equal(second.process('shell')?.terminalSocket, terminalSocket);
    assert.equal(second.process('shell')?.run, 1);
    await typing(terminalSocket, async (terminal) => {
      terminal.write('three\r');
      await shows('got <three>');
      terminal.write('\x04');
      await second.until((host) => host.process('shell')?.state === 'failed');
    });
    assert.equal(second.process('shell')?.reason, 'exit code 4');
    assert.equal(second.process('shell')?.terminalSocket, undefined);
    assert.deepEqual(await stage.liveRuns(), new Map());
  });

  it('leaves no socket behind when it is killed', async () => {
    await using stage = await openTestEnvironment([
      processModel('api', 'exec sleep 600', { tty: true }),
    ]);
    await stage.environment.start(['api']);
    const { terminalSocket, pid } = stage.environment.process('api')!;
    assert.ok(terminalSocket !== undefined && pid !== undefined);
    await until('the socket', () => existsSync(terminalSocket));
    process.kill(-pid, 'SIGKILL');
    await stage.until('api', ({ state }) => state === 'failed');
    assert.equal(existsSync(terminalSocket), false);
  });

  async function typing(
    socketPath: string,
    work: (terminal: TerminalConnection) => Promise<void>,
  ): Promise<void> {
    const terminal = connectTerminal(socketPath);
    try {
      await work(terminal);
    } finally {
      terminal.dispose();
    }
  }
});
