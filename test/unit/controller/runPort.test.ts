import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '../../../src/base/clock.ts';
import { RunPort } from '../../../src/controller/runPort.ts';
import { SecretVault } from '../../../src/controller/secretVault.ts';
import { endPrograms, type ProgramRun, runProgram } from '../../support/programRun.ts';
import { skip } from '../../support/skip.ts';
import { processModel } from '../../support/testEnvironment.ts';

/** Listens until there is a file `close` in its folder. */
const listener = `
  const server = require('node:net').createServer().listen(0, '127.0.0.1', () => {
    console.log('ready', server.address().port);
  });
  const timer = setInterval(() => {
    if (!require('node:fs').existsSync('close')) return;
    clearInterval(timer);
    server.close(() => console.log('closed'));
    setInterval(() => 0, 1000);
  }, 20);
`;
const address = '127.0.0.1';

describe('The port of a run', () => {
  afterEach(endPrograms);

  async function listening(): Promise<{ program: ProgramRun; port: number }> {
    const program = await runProgram([process.execPath, '-e', listener]);
    return { program, port: Number(await program.line(/ready (\d+)/)) };
  }

  function portOf({ target, identity }: ProgramRun): { runPort: RunPort; run: object } {
    const run = { id: target.runId, definition: processModel('api', ['true']), identity };
    const services = { clock: systemClock, secrets: new SecretVault(undefined) };
    return { runPort: new RunPort(run, services), run };
  }

  it('is not looked for again as long as its socket is held', async function () {
    if (process.platform !== 'linux') skip(this, 'sockets are seen on Linux only');
    const { program, port } = await listening();
    const { runPort, run } = portOf(program);
    assert.equal((await runPort.owns(port, address)).ok, true);
    // Were it looked for, it would be found to be another one's.
    const other = await runProgram('sleep 600');
    Object.assign(run, { id: other.target.runId, identity: other.identity });
    assert.equal((await runPort.owns(port, address)).ok, true);
    assert.equal((await portOf(other).runPort.owns(port, address)).ok, false);
  });

  it("is somebody else's when the run has closed its socket", async () => {
    const { program, port } = await listening();
    const { runPort } = portOf(program);
    assert.equal((await runPort.owns(port, address)).ok, true);
    await writeFile(join(program.folder, 'close'), '');
    await program.line(/closed/);
    const stranger = createServer();
    await once(stranger.listen(port, address), 'listening');
    try {
      const { ok, seen } = await runPort.owns(port, address);
      assert.equal(ok, false);
      assert.match(seen, new RegExp(`PID ${process.pid}`));
    } finally {
      stranger.close();
    }
  });
});
