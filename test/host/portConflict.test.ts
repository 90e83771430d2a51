import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { findLeftovers } from '../../src/controller/leftovers.ts';
import { identify, isSameProcess } from '../../src/process/identity.ts';
import { isPortFree } from '../../src/process/ports.ts';
import { stopLeftovers } from '../../src/vscode/leftovers.ts';
import {
  canChoosePort,
  chooseAnotherPort,
  type ConflictQuestions,
  type Opponent,
  stopHolderAndStart,
} from '../../src/vscode/portConflict.ts';
import { watchAsExternal } from '../../src/vscode/watchAsExternal.ts';
import { until } from '../support/until.ts';
import { controllerOf, runScript, stayUp, TestFolder } from './testFolder.ts';
import { onlyOnLinux } from '../support/skip.ts';

/** A service that listens on its port, and is ready once it does. */
const onPort = (port: number | 'auto'): string => {
  const script = "require('node:net').createServer().listen(process.env.PORT, '127.0.0.1')";
  return `processes:\n  - name: web\n    port: ${port}\n${runScript(script)}\n`;
};

/** A person who answers the questions, and remembers what was asked. */
function person(agreesToStop: boolean, agreesToKill = false) {
  const asked: { kind: string; opponent: Opponent }[] = [];
  const questions: ConflictQuestions = {
    confirmStop: (opponent) => {
      asked.push({ kind: 'stop', opponent });
      return Promise.resolve(agreesToStop);
    },
    confirmKill: (opponent) => {
      asked.push({ kind: 'kill', opponent });
      return Promise.resolve(agreesToKill);
    },
  };
  return { asked, questions };
}

describe('a program in the way', () => {
  let folder: TestFolder;
  const others: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await TestFolder.create();
  });

  afterEach(async () => {
    await folder.close();
    for (const child of others.splice(0)) child.kill('SIGKILL');
  });

  /** A program of somebody else that listens on a port: the one given, or a free one. */
  async function listener({
    port = 0,
    script = '',
    env = {},
  }: { port?: number; script?: string; env?: NodeJS.ProcessEnv } = {}) {
    const listen = `const s = require('node:net').createServer().listen(${port}, '127.0.0.1',
      () => console.log(s.address().port));`;
    const child = spawn(process.execPath, ['-e', `${script};${listen}`], {
      env: { ...process.env, ...env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    others.push(child);
    const [text] = (await once(child.stdout, 'data')) as [Buffer];
    return { child, port: Number(text.toString()), ended: once(child, 'exit') };
  }

  it('is stopped after a confirmation that shows it, and the process started', async () => {
    const { child, port, ended } = await listener();
    const environment = await folder.open(onPort(port));
    const controller = controllerOf(environment);
    await controller.start();
    assert.equal(controller.process('web')?.failure, 'port-in-use');
    const ref = { environment, name: 'web' };
    assert.equal(canChoosePort(ref), false);

    const no = person(false);
    await stopHolderAndStart(ref, no.questions);
    assert.equal(controller.process('web')?.state, 'failed');
    assert.equal(child.exitCode ?? child.signalCode, null);

    const yes = person(true);
    await stopHolderAndStart(ref, yes.questions);
    assert.deepEqual(await ended, [null, 'SIGTERM']);
    assert.equal(controller.process('web')?.state, 'running');
    const [{ kind, opponent }] = yes.asked as [(typeof yes.asked)[number]];
    assert.equal(yes.asked.length, 1);
    assert.equal(kind, 'stop');
    assert.equal(opponent.identity.pid, child.pid);
    assert.match(opponent.holder.command ?? '', /createServer/);
    assert.equal(opponent.run, undefined);

    // The notification may still be there; now it is the process itself that has the port.
    const pid = controller.process('web')?.pid;
    const late = person(true);
    await stopHolderAndStart(ref, late.questions);
    assert.deepEqual(late.asked, []);
    assert.equal(controller.process('web')?.pid, pid);
  });

  it('is ended by force only when asked once more', async () => {
    const { port, ended } = await listener({ script: "process.on('SIGTERM', () => {})" });
    const environment = await folder.open(onPort(port));
    await controllerOf(environment).start();
    const ref = { environment, name: 'web' };
    const unsure = person(true, false);
    await stopHolderAndStart(ref, unsure.questions, 100);
    assert.equal(controllerOf(environment).process('web')?.state, 'failed');
    const sure = person(true, true);
    await stopHolderAndStart(ref, sure.questions, 500);
    assert.deepEqual(await ended, [null, 'SIGKILL']);
    assert.deepEqual(
      sure.asked.map(({ kind }) => kind),
      ['stop', 'kill'],
    );
    assert.equal(controllerOf(environment).process('web')?.state, 'running');
  });

  it('is left alone when it lets go of the port while a person thinks', async () => {
    const { child, port } = await listener({
      script: "process.on('SIGUSR2', () => s.close()); setInterval(() => {}, 1000)",
    });
    const environment = await folder.open(onPort(port));
    await controllerOf(environment).start();
    await stopHolderAndStart(
      { environment, name: 'web' },
      {
        confirmStop: async () => {
          child.kill('SIGUSR2');
          return until('the free port', () => isPortFree(port));
        },
        confirmKill: () => Promise.resolve(false),
      },
    );
    assert.equal(child.exitCode ?? child.signalCode, null);
    assert.equal(controllerOf(environment).process('web')?.state, 'running');
  });

  it('can be watched as an external, by an edit of the file that can be undone', async () => {
    const { child, port } = await listener();
    const before = onPort(port);
    const environment = await folder.open(before);
    const controller = controllerOf(environment);
    await controller.start();
    assert.equal(controller.process('web')?.failure, 'port-in-use');
    await watchAsExternal({ environment, name: 'web' });
    await until('it to be found', () => {
      const process = controllerOf(environment).process('web');
      return process?.kind === 'external' && process.state === 'running';
    });
    const document = await vscode.workspace.openTextDocument(folder.uri);
    assert.match(document.getText(), /type: external/);
    assert.doesNotMatch(document.getText(), /command:/);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    assert.equal(child.exitCode ?? child.signalCode, null);
  });

  it('can be avoided by another port where the file leaves the choice', async () => {
    const environment = await folder.open(onPort('auto'));
    const controller = controllerOf(environment);
    const port = controller.process('web')?.port;
    assert.ok(port);
    const { child } = await listener({ port });
    await controller.start();
    assert.equal(controller.process('web')?.failure, 'port-in-use');
    const ref = { environment, name: 'web' };
    assert.equal(canChoosePort(ref), true);
    await chooseAnotherPort(ref);
    assert.equal(controller.process('web')?.state, 'running');
    assert.notEqual(controller.process('web')?.port, port);
    assert.equal(child.exitCode ?? child.signalCode, null);
  });

  it('is stopped with all that belongs to it when it is a run that was lost', async function () {
    onlyOnLinux(this);
    const runId = randomUUID();
    const { port, ended } = await listener({
      script: `const c = require('node:child_process').spawn('sleep', ['600'], { detached: true });
        c.unref()`,
      env: {
        DEV_ENV_RUN_ID: runId,
        DEV_ENV_PROCESS: 'old',
        DEV_ENV_STATE: join(folder.path, 'gone'),
      },
    });
    const environment = await folder.open(onPort(port));
    await controllerOf(environment).start();
    const { asked, questions } = person(true);
    await stopHolderAndStart({ environment, name: 'web' }, questions);
    await ended;
    assert.equal(asked[0]?.opponent.run?.standing, 'lost');
    assert.equal(asked[0].opponent.run.processName, 'old');
    assert.equal(controllerOf(environment).process('web')?.state, 'running');
    assert.deepEqual(
      (await findLeftovers())?.filter((run) => run.runId === runId),
      [],
    );
  });

  it('is listed as left over, and stopped, unlike what runs here', async function () {
    onlyOnLinux(this);
    const environment = await folder.open(`processes:\n  - name: web\n${stayUp}\n`);
    await controllerOf(environment).start();
    const runId = randomUUID();
    const { child, ended } = await listener({
      env: { DEV_ENV_RUN_ID: runId, DEV_ENV_PROCESS: 'old', DEV_ENV_STATE: '/nowhere' },
    });
    const identity = await identify(child.pid!);
    const found = (await findLeftovers()) ?? [];
    assert.equal(
      found.some(({ stateFolder }) => stateFolder === environment.statePath),
      false,
    );
    const run = found.find((one) => one.runId === runId);
    assert.deepEqual([run?.standing, run?.processName, run?.pids], ['lost', 'old', [child.pid]]);
    await stopLeftovers([run!]);
    await ended;
    assert.equal(await isSameProcess(identity!), false);
    assert.equal(controllerOf(environment).process('web')?.state, 'running');
  });

  it('is offered by a command that does nothing where nothing is in the way', async () => {
    assert.ok((await vscode.commands.getCommands(true)).includes('devEnv.findLeftovers'));
    await vscode.commands.executeCommand('devEnv.resolvePortConflict', 'clock');
  });
});
