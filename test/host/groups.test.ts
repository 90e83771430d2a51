import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { systemClock } from '../../src/base/clock.ts';
import { groupCommands } from '../../src/vscode/commands/groupCommands.ts';
import { Targets } from '../../src/vscode/commands/targets.ts';
import type { FolderEnvironment } from '../../src/vscode/folderEnvironment.ts';
import { Profiles } from '../../src/vscode/profiles.ts';
import { ProcessTree } from '../../src/vscode/tree/processTree.ts';
import { UsageWatch } from '../../src/vscode/usageWatch.ts';
import { until } from '../support/until.ts';
import { controllerOf, stayUp, TestFolder } from './testFolder.ts';

const text = `default_profiles: [demo]
processes:
  - name: db
    groups: [backend, data]
${stayUp}
  - name: api
    groups: [backend]
${stayUp}
  - name: extra
    profiles: [full]
${stayUp}
  - name: show
    profiles: [demo]
${stayUp}
  - name: backup
    type: task
    schedule: "0 3 * * *"
${stayUp}
`;

/** What a person chose, in memory. */
function memento(): vscode.Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: (key: string) => values.get(key) as never,
    update: (key, value) => {
      values.set(key, value);
      return Promise.resolve();
    },
  };
}

describe('groups and profiles', () => {
  let folder: TestFolder;
  let tree: ProcessTree;
  let usage: UsageWatch;
  let profiles: Profiles;

  beforeEach(async () => {
    profiles = new Profiles(memento());
    folder = await TestFolder.create(profiles);
    usage = new UsageWatch(folder.environments);
    tree = new ProcessTree(folder.environments, systemClock, usage);
  });

  afterEach(async () => {
    tree.dispose();
    usage.dispose();
    await folder.close();
    profiles.dispose();
  });

  const labels = (items: readonly vscode.TreeItem[]): unknown[] => items.map(({ label }) => label);
  const roots = (): vscode.TreeItem[] => tree.getChildren().map((node) => tree.getTreeItem(node));
  const item = (name: string): vscode.TreeItem => {
    const found = roots().find(({ label }) => label === name);
    assert.ok(found, name);
    return found;
  };
  const run = async (
    command: 'devEnv.startGroup' | 'devEnv.stopGroup',
    ...args: unknown[]
  ): Promise<void> => {
    await groupCommands(new Targets(folder.environments), profiles)[command](...args);
  };
  const states = (environment: FolderEnvironment): Record<string, string> =>
    Object.fromEntries(
      controllerOf(environment)
        .processes()
        .map(({ name, state }) => [name, state]),
    );

  it('shows a process in its first group, and those without one below', async () => {
    await folder.open(text);
    assert.deepEqual(labels(roots()), ['backend', 'extra', 'show', 'backup']);
    const [backend] = tree.getChildren();
    const members = tree.getChildren(backend);
    assert.deepEqual(labels(members.map((node) => tree.getTreeItem(node))), ['db', 'api']);
    assert.equal(tree.getParent(members[0]!), backend);
    assert.equal(tree.getChildren()[0], backend);
    const { id, description, contextValue, accessibilityInformation } = item('backend');
    assert.equal(id, `${vscode.Uri.file(folder.path).toString()}?backend`);
    assert.equal(description, '0/2 up');
    assert.equal(contextValue, '.group.canStartGroup.');
    assert.equal(accessibilityInformation?.label, 'backend, group, 0 of 2 up');
  });

  it('starts and stops by group: by its node, by name, and by one that has no node', async () => {
    const environment = await folder.open(text);
    await run('devEnv.startGroup', tree.getChildren()[0]);
    assert.equal(item('backend').description, '2/2 up');
    assert.equal(item('backend').contextValue, '.group.canStopGroup.canRestartGroup.');
    await run('devEnv.stopGroup', 'data');
    assert.deepEqual(states(environment), {
      db: 'stopped',
      api: 'running',
      extra: 'stopped',
      show: 'stopped',
      backup: 'stopped',
    });
    await run('devEnv.stopGroup', { folder: 'test', name: 'backend' });
    assert.equal(item('backend').description, '0/2 up');
    await assert.rejects(run('devEnv.startGroup', 'bakend'), /no group "bakend"/);
  });

  it('starts with everything what is in the active profiles, and only that', async () => {
    const environment = await folder.open(text);
    assert.equal(item('extra').description, 'not in the active profiles');
    assert.equal((item('extra').iconPath as vscode.ThemeIcon).id, 'circle-slash');
    await controllerOf(environment).start();
    const { extra, show, backup } = states(environment);
    assert.deepEqual([extra, show, backup], ['stopped', 'running', 'stopped']);
    // It waits for its time, and is not run.
    await until(
      'the schedule',
      () => controllerOf(environment).process('backup')?.nextScheduledAtMs,
    );
    assert.match(String(item('backup').description), /^next run .*\d\d:\d\d$/);
    assert.equal((item('backup').iconPath as vscode.ThemeIcon).id, 'calendar');
    await controllerOf(environment).start(['extra']);
    assert.equal(states(environment)['extra'], 'running');
  });

  it('takes the profiles that a person chose for those of the file', async () => {
    const environment = await folder.open(text);
    await profiles.choose(environment.folder, ['full']);
    await until('the choice', () => controllerOf(environment).process('extra')?.isInActiveProfiles);
    assert.equal(item('show').description, 'not in the active profiles');
    await controllerOf(environment).start();
    assert.deepEqual(
      [states(environment)['extra'], states(environment)['show']],
      ['running', 'stopped'],
    );
    await profiles.choose(environment.folder, undefined);
    await until('the file', () => controllerOf(environment).process('show')?.isInActiveProfiles);
  });
});
