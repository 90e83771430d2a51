import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../../src/base/clock.ts';
import { readExitFile } from '../../../../src/process/exitFile.ts';
import { stopTree } from '../../../../src/process/stopTree.ts';
import {
  connectTerminal,
  type TerminalConnection,
} from '../../../../src/process/terminal/connectTerminal.ts';
import { findTerminalPython } from '../../../../src/process/terminal/findPython.ts';
import { ptyHostPrefix } from '../../../../src/process/terminal/ptyHost.ts';
import { endPrograms, type ProgramRun, runProgram } from '../../../support/programRun.ts';
import { skip } from '../../../support/skip.ts';

describe('a pseudo-terminal', () => {
  let python: string;
  let folder: string;
  let socketPath: string;
  let connection: TerminalConnection | undefined;

  before(async function () {
    const found = await findTerminalPython(process.env['PATH']);
    if (found === undefined) skip(this, 'there is no Python 3 here');
    python = found;
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'dev-env-pty-'));
    socketPath = path.join(folder, 't.sock');
  });
  afterEach(async () => {
    connection?.dispose();
    connection = undefined;
    await endPrograms();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (command: string, isInteractive = true): Promise<ProgramRun> =>
    runProgram(command, { prefix: ptyHostPrefix({ python, socketPath, isInteractive }) });

  it('is what the program sees, and its output is in the log file', async () => {
    const program = await run('[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && tty && stty size');
    assert.equal((await program.exited).code, 0);
    assert.match(program.log(), /^\/dev\/\S+\r\n30 120\r\n$/);
  });

  it('loses nothing that is written before the end', async () => {
    const program = await run('i=0; while [ $i -lt 20000 ]; do echo "line $i"; i=$((i+1)); done');
    await program.exited;
    const lines = program.log().trimEnd().split('\r\n');
    assert.equal(lines.length, 20_000);
    lines.forEach((line, index) => assert.equal(line, `line ${index}`));
  });

  it('passes the exit code and the signal on, also to those who come later', async () => {
    const coded = await run('exit 7');
    assert.equal((await coded.exited).code, 7);
    assert.equal(readExitFile(coded.exitFile)?.code, 7);
    const killed = await run('kill -KILL $$');
    assert.equal((await killed.exited).signal, 'SIGKILL');
    const missing = await runProgram(['/bin/sh', '-c', 'exec /no/such/program'], {
      prefix: ptyHostPrefix({ python, socketPath, isInteractive: false }),
    });
    assert.equal((await missing.exited).code, 127);
  });

  it('takes what is typed and the size, on a socket of this user', async () => {
    const program = await run(
      'trap "stty size" WINCH; echo ready; read a; echo "got <$a>"; while read b; do :; done',
    );
    await program.line(/ready/);
    assert.equal(statSync(socketPath).mode & 0o777, 0o600);
    connection = connectTerminal(socketPath);
    connection.write('grüße\r');
    await program.line(/got <grüße>/);
    connection.resize(91, 17);
    // A shell tells of it once its read is over.
    connection.write('\r');
    await program.line(/17 91/);
    connection.write('\x04');
    assert.equal((await program.exited).code, 0);
  });

  it('ends by Ctrl+C as in a terminal, and says so to who is connected', async () => {
    const program = await run('echo ready; exec sleep 60');
    await program.line(/ready/);
    connection = connectTerminal(socketPath);
    const closed = new Promise<void>((resolve) => connection?.onDidClose(resolve));
    connection.write('\x03');
    assert.equal((await program.exited).signal, 'SIGINT');
    await closed;
    assert.equal(existsSync(socketPath), false);
  });

  it('lets nobody type who was not asked to', async () => {
    const program = await run(
      'echo ready; until [ "$(stty size)" = "10 50" ]; do sleep 0.02; done; echo resized',
      false,
    );
    await program.line(/ready/);
    connection = connectTerminal(socketPath);
    connection.write('something\r');
    connection.resize(50, 10);
    // Messages are taken in order, and the terminal itself shows at once what is typed.
    await program.line(/resized/);
    assert.doesNotMatch(program.log(), /something/);
  });

  it('is stopped with everything in it, by the signal itself', async () => {
    const program = await run(
      'trap "echo bye; exit 3" TERM; sleep 60 & echo ready; while :; do sleep 1; done',
    );
    await program.line(/ready/);
    const result = await stopTree(program.target, {
      signal: 'SIGTERM',
      graceMs: 30_000,
      clock: systemClock,
    });
    assert.deepEqual(result, { survivors: [], killed: false });
    assert.equal((await program.exited).code, 3);
    await program.line(/bye/);
  });

  it('ends with the program, whoever else holds it open', async () => {
    const program = await run('trap "" HUP; sleep 60 & echo done');
    assert.equal((await program.exited).code, 0);
    assert.match(program.log(), /done/);
  });
});
