import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { Environment } from '../../../src/controller/environment.ts';
import { onlyOnLinux } from '../../support/skip.ts';
import {
  environmentModel,
  openTestEnvironment,
  processModel,
} from '../../support/testEnvironment.ts';
import { until } from '../../support/until.ts';

/** Says what it is told on its input socket, until it is ended. */
const speaker = `
  const net = require('node:net');
  const say = (line) => net.connect(process.env.DEV_ENV_SOCKET, function () { this.end(line + '\\n') })
    .on('error', () => setTimeout(say, 20, line));
  say('READY=1');
  say('STATUS=as ' + process.pid);
  setInterval(() => say('WATCHDOG=1'), 50);
`;

const beating = processModel('beating', [process.execPath, '-e', speaker], {
  ready: { kind: 'heartbeat' },
  healthCheck: {
    probe: { kind: 'heartbeat' },
    intervalMs: 200,
    failureThreshold: 50,
    successThreshold: 1,
    onFailure: 'report',
  },
});

describe('a process with a heartbeat', () => {
  it('says that it is ready and well, and what it does', async () => {
    await using test = await openTestEnvironment([beating]);
    const { succeeded } = await test.environment.start();
    assert.deepEqual(succeeded, ['beating']);
    const well = await test.until('beating', ({ health }) => health === 'healthy');
    const spoken = await test.until('beating', ({ statusText }) => statusText !== undefined);
    assert.match(spoken.statusText ?? '', /^as \d+$/);
    assert.equal(well.state, 'running');
    await test.environment.stop();
    assert.equal(test.environment.process('beating')?.statusText, undefined);
  });

  it('is heard again by the next host, at the address it was told', async function () {
    onlyOnLinux(this);
    await using test = await openTestEnvironment([beating]);
    await test.environment.start();
    test.environment.dispose();
    await test.environment.flush();
    const next = new Environment({
      model: environmentModel(test.folder, [beating]),
      stateFolder: test.stateFolder,
      hostEnv: process.env,
    });
    try {
      await next.recover();
      await until('its health', () => next.process('beating')?.health === 'healthy');
    } finally {
      await next.stop(undefined, { force: true });
      next.dispose();
      await next.flush();
    }
  });

  it('is found stuck when its beats are missing', async () => {
    const stuck = processModel(
      'stuck',
      [
        process.execPath,
        '-e',
        `${speaker.replace('setInterval(', 'setTimeout(')} setInterval(() => 0, 1000);`,
      ],
      {
        ready: { kind: 'heartbeat' },
        healthCheck: {
          probe: { kind: 'heartbeat' },
          intervalMs: 100,
          failureThreshold: 2,
          successThreshold: 1,
          onFailure: 'report',
        },
      },
    );
    await using test = await openTestEnvironment([stuck]);
    await test.environment.start();
    const { healthReason } = await test.until('stuck', ({ health }) => health === 'unhealthy');
    assert.equal(healthReason, 'no WATCHDOG=1 since the last look');
  });

  it('leaves no socket behind, and has none without need', async () => {
    const other = processModel('other', [
      process.execPath,
      '-e',
      'if (process.env.DEV_ENV_SOCKET) process.exit(3); setInterval(() => 0, 1000)',
    ]);
    const teller = processModel(
      'teller',
      [process.execPath, '-e', `console.log(process.env.DEV_ENV_SOCKET);${speaker}`],
      {
        ready: { kind: 'heartbeat' },
      },
    );
    await using test = await openTestEnvironment([other, teller]);
    assert.deepEqual((await test.environment.start()).failed, []);
    const { logPath = '' } = test.environment.process('teller') ?? {};
    const path = await until(
      'its address',
      () => /^(.+\.sock)$/m.exec(readFileSync(logPath, 'utf8'))?.[1],
    );
    assert.equal(existsSync(path), true);
    await test.environment.stop();
    assert.equal(existsSync(path), false);
    assert.notEqual(test.environment.process('other')?.lastExit?.code, 3);
  });
});
