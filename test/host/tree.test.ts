import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { systemClock } from '../../src/base/clock.ts';
import type { TreeNode } from '../../src/vscode/tree/nodes.ts';
import { ProcessTree } from '../../src/vscode/tree/processTree.ts';
import { UsageWatch } from '../../src/vscode/usageWatch.ts';
import { until } from '../support/until.ts';
import { runScript, stayUp, TestFolder } from './testFolder.ts';

const text = `processes:
  - name: db
    description: The database
${stayUp}
  - name: broken
    restart: never
${runScript('process.exit(3)')}
  - name: api
    url: http://localhost:5000
    depends_on: [db]
${stayUp}
`;

describe('the tree', () => {
  let folder: TestFolder;
  let tree: ProcessTree;
  let usage: UsageWatch;

  beforeEach(async () => {
    folder = await TestFolder.create();
    usage = new UsageWatch(folder.environments);
    tree = new ProcessTree(folder.environments, systemClock, usage);
  });

  afterEach(async () => {
    tree.dispose();
    usage.dispose();
    await folder.close();
  });

  const item = (name: string): vscode.TreeItem => {
    const node = tree.getChildren().find((one) => one.kind === 'process' && one.name === name);
    assert.ok(node, name);
    return tree.getTreeItem(node);
  };

  it('is empty without an environment, for the welcome contents to show', async () => {
    await folder.open('processes: 1\n');
    assert.deepEqual(tree.getChildren(), []);
  });

  it('shows the processes in the order of the file', async () => {
    await folder.open(text);
    const names = tree.getChildren().map((node) => node.kind === 'process' && node.name);
    assert.deepEqual(names, ['db', 'broken', 'api']);
    assert.equal(item('db').contextValue, '.process.service.stopped.canStart.hasDependents.');
    assert.equal(item('db').accessibilityInformation?.label, 'db, stopped');
  });

  it('tells how a process is by shape, colour, words and speech', async () => {
    const environment = await folder.open(text);
    await environment.controller?.start(['api']);
    const api = item('api');
    assert.equal((api.iconPath as vscode.ThemeIcon).id, 'pass-filled');
    assert.equal((api.iconPath as vscode.ThemeIcon).color?.id, 'testing.iconPassed');
    assert.equal(api.description, '< 1 min');
    assert.equal(api.accessibilityInformation?.label, 'api, running, < 1 min');
    assert.equal(
      api.contextValue,
      '.process.service.running.canStop.canRestart.hasLog.hasUrl.hasPid.hasDependencies.',
    );
  });

  it('tells that a process which runs is not well, and why', async () => {
    const environment = await folder.open(`processes:
  - name: sick
    health_check:
      command: [node, -e, "process.exit(9)"]
      interval: 100ms
      failure_threshold: 1
      on_failure: report
${stayUp}
`);
    await environment.controller?.start(['sick']);
    const isWarned = (): boolean => (item('sick').iconPath as vscode.ThemeIcon).id === 'warning';
    await until('what the health check says', isWarned);
    assert.match(item('sick').accessibilityInformation?.label ?? '', /^sick, running, unhealthy: /);
    assert.match(String(item('sick').description), /exit code 9/);
  });

  it('says why a process failed', async () => {
    const environment = await folder.open(text);
    await environment.controller?.start(['broken']);
    await until('the failure', () => environment.controller?.process('broken')?.failure);
    const broken = item('broken');
    assert.equal((broken.iconPath as vscode.ThemeIcon).id, 'error');
    assert.match(String(broken.description), /^failed: .*exit code 3/);
    assert.match(broken.accessibilityInformation?.label ?? '', /^broken, failed: exit code 3/);
  });

  it('has everything in the tooltip, which is made on demand', async () => {
    const environment = await folder.open(text);
    await environment.controller?.start(['api']);
    const node = tree.getChildren().find((one) => one.kind === 'process' && one.name === 'api')!;
    assert.equal(tree.getTreeItem(node).tooltip, undefined);
    const { tooltip } = await tree.resolveTreeItem(tree.getTreeItem(node), node);
    const value = (tooltip as vscode.MarkdownString).value.replaceAll('\\', '');
    const pid = environment.controller?.process('api')?.pid;
    for (const part of [String(pid), 'http://localhost:5000', 'db (ready)', 'setInterval']) {
      assert.ok(value.includes(part), `${part} is missing in ${value}`);
    }
  });

  it('draws again only what changed', async () => {
    const environment = await folder.open(text);
    await until('the first drawing', () => tree.getChildren().length === 3);
    const drawn: (TreeNode | TreeNode[] | undefined)[] = [];
    // What opening the folder brought on is still to come.
    await new Promise((resolve) => tree.onDidChangeTreeData(resolve));
    tree.onDidChangeTreeData((nodes) => drawn.push(nodes));
    await environment.controller?.start(['db']);
    await until('a drawing', () => drawn.length > 0);
    const names = new Set(
      drawn.flat().map((node) => (node?.kind === 'process' ? node.name : 'everything')),
    );
    assert.ok(names.has('db'));
    assert.ok(!names.has('broken') && !names.has('everything'), [...names].join());
  });

  it('keeps the identity of its nodes', async () => {
    await folder.open(text);
    const [first] = tree.getChildren();
    assert.equal(tree.getChildren()[0], first);
    assert.equal(item('db').id, `${vscode.Uri.file(folder.path).toString()}#db`);
  });

  it('groups by folder when there are several', async () => {
    await folder.open(text);
    const other = await TestFolder.create();
    try {
      await other.write('processes:\n  - { name: web, command: ls }\n');
      const uri = vscode.Uri.file(other.path);
      await folder.environments.open({ uri, name: 'other', index: 1 });
      const roots = tree.getChildren();
      assert.deepEqual(
        roots.map((node) => [node.kind, tree.getTreeItem(node).label]),
        [
          ['folder', 'test'],
          ['folder', 'other'],
        ],
      );
      assert.equal(tree.getTreeItem(roots[1]!).description, '0/1');
      const [web] = tree.getChildren(roots[1]);
      assert.equal(tree.getTreeItem(web!).label, 'web');
      assert.equal(tree.getParent(web!), roots[1]);
    } finally {
      await other.close();
    }
  });
});
