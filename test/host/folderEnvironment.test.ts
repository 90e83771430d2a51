import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import type { FolderEnvironment, ModelEvent } from '../../src/vscode/folderEnvironment.ts';
import { until } from '../support/until.ts';
import { controllerOf, runScript, stayUp, TestFolder } from './testFolder.ts';

const one = `processes:\n  - name: db\n${stayUp}\n`;
const two = `${one}  - name: api\n${stayUp}\n`;

describe('the environment of a folder', () => {
  let folder: TestFolder;

  beforeEach(async () => {
    folder = await TestFolder.create();
  });

  afterEach(() => folder.close());

  const names = ({ controller }: FolderEnvironment): string[] =>
    (controller?.processes() ?? []).map(({ name }) => name);

  it('finds dev-env.yml too', async () => {
    const environment = await folder.open(one);
    await rm(folder.uri.fsPath);
    await folder.write(two, 'dev-env.yml');
    await until('the other file', () => environment.configPath?.endsWith('dev-env.yml'));
    await until('its processes', () => names(environment).length === 2);
  });

  it('takes over what is saved, without touching what is unchanged', async () => {
    const environment = await folder.open(one);
    await controllerOf(environment).start();
    const pid = controllerOf(environment).process('db')?.pid;
    assert.ok(pid);
    await folder.write(two);
    await until('the new process', () => names(environment).includes('api'));
    assert.equal(controllerOf(environment).process('db')?.pid, pid);
    assert.equal(controllerOf(environment).process('db')?.hasPendingChange, false);
  });

  it('marks what runs with an old definition, and restarts exactly that', async () => {
    const environment = await folder.open(two);
    const controller = controllerOf(environment);
    await controller.start();
    const [dbPid, apiPid] = [controller.process('db')?.pid, controller.process('api')?.pid];
    await folder.write(`${one}  - name: api\n${runScript('setInterval(() => {}, 2000)')}\n`);
    await until('the mark', () => controller.process('api')?.hasPendingChange);
    await controller.applyChanges();
    assert.equal(controller.process('db')?.pid, dbPid);
    assert.notEqual(controller.process('api')?.pid, apiPid);
    assert.equal(controller.process('api')?.hasPendingChange, false);
  });

  it('keeps what was removed and still runs, until it is stopped', async () => {
    const environment = await folder.open(two);
    const controller = controllerOf(environment);
    await controller.start();
    await folder.write(one);
    await until('the mark', () => controller.process('api')?.isRemoved);
    assert.equal(controller.process('api')?.state, 'running');
    await controller.stopRemoved();
    assert.deepEqual(names(environment), ['db']);
    assert.equal(controller.process('db')?.state, 'running');
  });

  it('keeps the last good environment while the file has errors', async () => {
    const environment = await folder.open(one);
    const controller = controllerOf(environment);
    await controller.start();
    const pid = controller.process('db')?.pid;
    await folder.write('processes: [\n');
    await until('the errors', () => environment.status === 'invalid');
    assert.equal(environment.controller, controller);
    assert.equal(controller.process('db')?.pid, pid);
    await folder.write(one);
    await until('the end of the errors', () => environment.status === 'ready');
    assert.equal(controller.process('db')?.pid, pid);
  });

  it('keeps what runs when the file goes away, and lets go of it when nothing does', async () => {
    const environment = await folder.open(one);
    const controller = controllerOf(environment);
    await controller.start();
    await rm(folder.uri.fsPath);
    await until('the loss', () => environment.status === 'missing');
    assert.equal(controller.process('db')?.state, 'running');
    await controller.stop();
    await until('the end', () => environment.controller === undefined);
  });

  it('counts a change of an env file as a change', async () => {
    await folder.write('LEVEL=info\n', '.env');
    const environment = await folder.open(`env_file: .env\n${one}`);
    await controllerOf(environment).start();
    await folder.write('LEVEL=debug\n', '.env');
    await until('the mark', () => controllerOf(environment).process('db')?.hasPendingChange);
  });

  it('says what was there when the folder was opened, and what came later', async () => {
    const events: ModelEvent[] = [];
    folder.environments.onDidTakeModel(({ event }) => events.push(event));
    await folder.open(one);
    await folder.write(two);
    await until('the second model', () => events.length === 2);
    assert.deepEqual(
      events.map(({ isOpening, change }) => [isOpening, change.added]),
      [
        [true, ['db']],
        [false, ['api']],
      ],
    );
  });

  it('stops everything when it is closed', async () => {
    const environment = await folder.open(two);
    const controller = controllerOf(environment);
    await controller.start();
    await folder.environments.close();
    assert.deepEqual(
      controller.processes().map(({ state }) => state),
      ['stopped', 'stopped'],
    );
  });
});
