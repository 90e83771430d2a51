import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { systemClock } from '../../src/base/clock.ts';
import { Environments } from '../../src/vscode/environments.ts';
import { Outputs } from '../../src/vscode/output/outputs.ts';
import { Secrets } from '../../src/vscode/secrets/secrets.ts';
import { ProcessTree } from '../../src/vscode/tree/processTree.ts';
import { UsageWatch } from '../../src/vscode/usageWatch.ts';
import { until } from '../support/until.ts';
import { controllerOf, TestFolder } from './testFolder.ts';

const value = 'correct horse battery staple';

/** A store of secrets that is forgotten with the test. */
class TestStorage implements vscode.SecretStorage {
  readonly values = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.SecretStorageChangeEvent>();
  readonly onDidChange = this.#changed.event;

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.values.get(key));
  }

  store(key: string, secret: string): Promise<void> {
    this.values.set(key, secret);
    this.#changed.fire({ key });
    return Promise.resolve();
  }

  delete(key: string): Promise<void> {
    this.values.delete(key);
    this.#changed.fire({ key });
    return Promise.resolve();
  }

  keys(): Promise<string[]> {
    return Promise.resolve([...this.values.keys()]);
  }
}

function entry(name: string, script: string, more = ''): string {
  return `  - name: ${name}
    command: ${JSON.stringify([process.execPath, '-e', script])}
    env: { ELECTRON_RUN_AS_NODE: "1", TOKEN: "\${secret:HOST_TOKEN}" }
    restart: never
${more}`;
}

const print = 'console.log("token " + process.env.TOKEN + " shown");';
const text = `processes:
${entry('host-secret-up', `${print} setInterval(() => 0, 1000)`, '    ready: { log: token }\n')}
${entry('host-secret-down', `${print} process.exit(3)`)}
${entry('host-secret-unready', `${print} setInterval(() => 0, 1000)`, `    ready: { log: "not ${value}" }\n    startup_timeout: 300ms\n`)}
${entry(
  'host-secret-speaking',
  `require('node:net').connect(process.env.DEV_ENV_SOCKET, function () { this.end('READY=1\\nSTATUS=with ' + process.env.TOKEN + '\\n') }); setInterval(() => 0, 1000)`,
  '    ready: { heartbeat: true }\n',
)}
`;

describe('secrets', () => {
  let folder: TestFolder;
  let storage: TestStorage;
  let environments: Environments;
  let secrets: Secrets;
  let answers: (string | undefined)[];
  let asked: string[];

  beforeEach(async () => {
    folder = await TestFolder.create();
    storage = new TestStorage();
    answers = [];
    asked = [];
    secrets = new Secrets(storage, (name) => {
      asked.push(name);
      return Promise.resolve(answers.shift());
    });
    environments = new Environments(folder.log, undefined, secrets);
  });

  afterEach(async () => {
    await environments.close();
    secrets.dispose();
    await folder.close();
  });

  async function open() {
    await folder.write(text);
    await environments.open({ uri: vscode.Uri.file(folder.path), name: 'test', index: 0 });
    return environments.all()[0]!;
  }

  it('are asked for once by all that need them, and then kept', async () => {
    const controller = controllerOf(await open());
    answers = [value];
    await controller.start();
    assert.deepEqual(asked, ['HOST_TOKEN']);
    assert.deepEqual([...storage.values.values()], [value]);
    await controller.restart(['host-secret-up']);
    assert.deepEqual(asked, ['HOST_TOKEN']);
  });

  it('that are not given keep the process from starting, and are asked for again', async () => {
    const controller = controllerOf(await open());
    const { failed } = await controller.start(['host-secret-up']);
    assert.deepEqual(failed, [
      { name: 'host-secret-up', reason: 'The secret HOST_TOKEN was not given.' },
    ]);
    answers = [value];
    assert.deepEqual((await controller.start(['host-secret-up'])).failed, []);
    assert.equal(asked.length, 2);
  });

  it('are nowhere in what the extension shows or keeps', async () => {
    const outputs = new Outputs(environments, systemClock);
    const usage = new UsageWatch(environments);
    const tree = new ProcessTree(environments, systemClock, usage);
    try {
      const environment = await open();
      const controller = controllerOf(environment);
      answers = [value];
      const shown: unknown[] = [];
      const look = (): void => {
        shown.push(controller.processes());
        for (const node of tree.getChildren()) shown.push(JSON.stringify(tree.getTreeItem(node)));
      };
      controller.onDidChange(look);
      controller.onDidFail((failure) => shown.push(failure));
      shown.push(await controller.start());
      await until(
        'its status',
        () => controller.process('host-secret-speaking')?.statusText === 'with •••',
      );
      look();
      for (const node of tree.getChildren()) {
        const item = tree.getTreeItem(node);
        shown.push(JSON.stringify(await tree.resolveTreeItem(item, node)));
      }
      for (const name of ['host-secret-up', 'host-secret-down', 'host-secret-unready']) {
        outputs.show({ environment, name });
        const output = await until(`the output of ${name}`, () =>
          vscode.workspace.textDocuments
            .filter(({ uri }) => uri.scheme === 'output')
            .map((document) => document.getText())
            .find((one) => /token .+ shown/.test(one)),
        );
        shown.push(output);
      }
      assert.ok(JSON.stringify(shown).includes('with •••'));
      assert.ok(!JSON.stringify(shown).includes(value));
      await controller.stop();
      const state = environment.statePath ?? '';
      for (const file of await readdir(state, { withFileTypes: true, recursive: true })) {
        const path = join(file.parentPath, file.name);
        if (!file.isFile() || path.endsWith('.log')) continue;
        // A record on its way to its place is gone a moment later.
        const content = await readFile(path, 'utf8').catch(() => '');
        assert.ok(!content.includes(value), path);
      }
    } finally {
      tree.dispose();
      usage.dispose();
      outputs.dispose();
    }
  });
});
