import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CodeServer } from '../../scripts/host/server.ts';
import { findMarked } from '../../src/process/linuxMarkers.ts';
import { freePort } from '../../src/process/ports.ts';
import { RecordStore } from '../../src/store/recordStore.ts';
import type { RunRecord } from '../../src/store/runRecord.ts';
import { openStateFolder, type StateFolder } from '../../src/store/stateFolder.ts';
import { until } from '../support/until.ts';
import { startServer } from './hosts.ts';
import { openWorkbench, type OpenWorkbench } from './openWorkbench.ts';

/** The environment as it is on disk and in the process table, whoever runs it. */
class Evidence {
  readonly #state: StateFolder;

  constructor(state: StateFolder) {
    this.#state = state;
  }

  static async of(folder: string, stateHome: string): Promise<Evidence> {
    return new Evidence(await openStateFolder(folder, stateHome));
  }

  async records(): Promise<Map<string, RunRecord>> {
    const store = new RecordStore({ folder: this.#state, onWriteError: assert.ifError });
    const { records, problems } = await store.readAll();
    assert.deepEqual(problems, []);
    return new Map(records.map((record) => [record.name, record]));
  }

  /** Ids of the runs that have a living process, by the name of their process. */
  async liveRuns(): Promise<Map<string, string[]>> {
    const runs = new Map<string, string[]>();
    for (const [id, { stateFolder, processName = '?' }] of await findMarked()) {
      if (stateFolder !== this.#state.path) continue;
      runs.set(processName, [...(runs.get(processName) ?? []), id]);
    }
    return runs;
  }
}

const five = (folder: string, port: number): string => `
processes:
  family: { command: "sleep 600 & sleep 600 & wait" }
  counter:
    command: [node, -e, "let n = 0; setInterval(() => console.log('line ' + ++n), 5)"]
  slow:
    command:
      - node
      - -e
      - |
        const { existsSync } = require('node:fs');
        const timer = setInterval(() => {
          if (!existsSync('${folder}/open')) return;
          clearInterval(timer);
          require('node:net').createServer().listen(${port}, '127.0.0.1');
        }, 20);
    port: ${port}
  flaky: { command: exit 1, restart: { policy: on-failure, delay: 10m, max_delay: 10m } }
  migrate: { type: task, command: "true" }
  leaver: { command: "while [ ! -e '${folder}/leave' ]; do sleep 0.02; done; exit 7", restart: never }
`;

const ten = `
processes:
${Array.from({ length: 10 }, (_, index) => {
  const needs = index % 3 === 1 ? `, depends_on: [p${index - 1}]` : '';
  return index % 4 === 3
    ? `  p${index}: { command: sleep 0.2; exit 1, restart: { policy: always, delay: 20ms, max_retries: unlimited } }`
    : `  p${index}: { command: exec sleep 600${needs} }`;
}).join('\n')}
`;

describe('what runs survives', function () {
  this.timeout(1_200_000);
  let stateHome: string;
  const stateHomes: string[] = [];

  const serve = (isPatient = false): Promise<CodeServer> =>
    startServer({ trustsAll: true, isPatient, env: { DEV_ENV_STATE_HOME: stateHome } });

  beforeEach(async () => {
    stateHome = await mkdtemp(join(tmpdir(), 'dev-env-e2e-state-'));
    stateHomes.push(stateHome);
  });

  // After all, since what closed windows leave running is still being stopped after each.
  after(async () => {
    for (const home of stateHomes) await rm(home, { recursive: true, force: true, maxRetries: 3 });
  });

  it('a reload of the window, as it was', async () => {
    const server = await serve(true);
    const port = await freePort();
    const { workbench, folder } = await openWorkbench({ server });
    await writeFile(join(folder, 'dev-env.yaml'), five(folder, port));
    await workbench.openView('Dev Env');
    await workbench.waitForRow('family');
    await workbench.clickViewAction('Start All');
    await workbench.waitForRow('leaver', ({ spoken }) => spoken.startsWith('leaver, running'));
    await workbench.waitForRow('migrate', ({ spoken }) => spoken.startsWith('migrate, completed'));
    await workbench.waitForRow('flaky', ({ spoken }) => /^flaky, restarting soon/.test(spoken));
    await workbench.waitForRow('slow', ({ spoken }) => spoken.startsWith('slow, starting'));
    const evidence = await Evidence.of(folder, stateHome);
    // A row says that it runs as soon as it does; its record is written then.
    const before = await until('the records of what runs', async () => {
      const records = await evidence.records();
      const running = ['family', 'counter', 'slow', 'leaver'];
      const isWritten =
        running.every((name) => records.get(name)?.pid !== undefined) &&
        records.get('flaky')?.state === 'backoff' &&
        records.get('migrate')?.state === 'completed';
      return isWritten && records;
    });

    const reloaded = workbench.reload();
    await writeFile(join(folder, 'leave'), '');
    await reloaded;
    await workbench.openView('Dev Env');
    await workbench.waitForRow('leaver', ({ spoken }) =>
      /^leaver, failed.*exit code 7/.test(spoken),
    );
    await writeFile(join(folder, 'open'), '');
    await workbench.waitForRow('slow', ({ spoken }) => spoken.startsWith('slow, running'));
    const after = await evidence.records();
    for (const name of ['family', 'counter', 'slow', 'flaky', 'migrate']) {
      assert.equal(after.get(name)?.pid, before.get(name)?.pid, `${name} has its PID`);
      assert.equal(after.get(name)?.run, 1, `${name} is in its first run`);
    }
    assert.equal(after.get('flaky')?.nextStartAtMs, before.get('flaky')?.nextStartAtMs);
    await assertEveryLineOnce(server);
    await workbench.screenshot('after-reload');

    await workbench.clickViewAction('Stop All');
    await until('the end of all', async () => (await evidence.liveRuns()).size === 0);
  });

  it('the closing of the window for ten seconds, and is stopped then', async () => {
    const server = await serve();
    const { workbench, folder } = await openWorkbench({ server, files: { 'dev-env.yaml': ten } });
    await workbench.openView('Dev Env');
    await workbench.waitForRow('p0');
    await workbench.clickViewAction('Start All');
    await workbench.waitForRow('p9', ({ spoken }) => spoken.startsWith('p9, running'));
    const evidence = await Evidence.of(folder, stateHome);
    await workbench.close();
    assert.ok((await evidence.liveRuns()).size > 5);
    await until('the reaper', async () => (await evidence.liveRuns()).size === 0);
  });

  it('in one window, while another one watches and may take over', async () => {
    const server = await serve();
    const first = await openWorkbench({ server, files: { 'dev-env.yaml': ten } });
    await first.workbench.openView('Dev Env');
    await first.workbench.waitForRow('p0');
    await first.workbench.clickViewAction('Start All');
    await first.workbench.waitForRow('p9', ({ spoken }) => spoken.startsWith('p9, running'));
    const evidence = await Evidence.of(first.folder, stateHome);
    const pid = await until('a record', async () => (await evidence.records()).get('p0')?.pid);

    const second = await openWorkbench({ server, sameFolderAs: first });
    await second.workbench.openView('Dev Env');
    await second.workbench.waitForRow('p9', ({ spoken }) => spoken.startsWith('p9, running'));
    const message = second.workbench.page.getByText('This window only watches');
    await message.first().waitFor();
    await until('the count', async () =>
      (await second.workbench.statusItems()).some(({ text }) => /[1-9]\d?\/10/.test(text)),
    );
    assert.deepEqual(await second.workbench.viewActions(), []);
    await second.workbench.screenshot('second-window');
    await second.workbench.clickViewAction('Take Over Environment');
    await message.first().waitFor({ state: 'hidden' });
    await first.workbench.page.getByText('This window only watches').first().waitFor();
    assert.equal((await evidence.records()).get('p0')?.pid, pid);
    await second.workbench.clickViewAction('Stop All');
    await until('the end of all', async () => (await evidence.liveRuns()).size === 0);
  });

  it('kill -9 of the extension host and of the server, fifty times', async () => {
    let server = await serve(true);
    let place: OpenWorkbench = await openWorkbench({ server, files: { 'dev-env.yaml': ten } });
    const { folder } = place;
    const evidence = await Evidence.of(folder, stateHome);
    const once = async (when: string): Promise<void> => {
      for (const [name, runs] of await evidence.liveRuns()) {
        assert.equal(runs.length, 1, `${when}: ${name} runs ${runs.length} times`);
      }
    };
    for (let round = 0; round < 50; round++) {
      const { workbench } = place;
      await workbench.openView('Dev Env');
      await workbench.waitForRow('p0');
      // Some buttons are there only at times; any will do.
      const wanted = ['Start All', 'Restart All', 'Stop All'][round % 3]!;
      const there = await workbench.viewActions();
      await workbench.clickViewAction(there.includes(wanted) ? wanted : (there[0] ?? wanted));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
      if (round % 5 === 4) {
        await server.crash();
        await once(`round ${round}, server killed`);
        await workbench.page.close();
        server = await serve(true);
        place = await openWorkbench({ server, sameFolderAs: place });
      } else {
        process.kill(server.extensionHostPids().at(-1)!, 'SIGKILL');
        await once(`round ${round}, host killed`);
        await workbench.reload();
      }
    }
    const { workbench } = place;
    await workbench.openView('Dev Env');
    await workbench.waitForRow('p0');
    if ((await workbench.viewActions()).includes('Start All')) {
      await workbench.clickViewAction('Start All');
    }
    for (const name of ['p0', 'p1', 'p2', 'p4', 'p5', 'p9']) {
      await workbench.waitForRow(name, ({ spoken }) => spoken.startsWith(`${name}, running`));
    }
    await once('at the end');
    await workbench.clickViewAction('Stop All');
    await until('the end of all', async () => (await evidence.liveRuns()).size === 0);
  });
});

/** The newest output channel of `counter` has all lines from the first on, each of them once. */
async function assertEveryLineOnce(server: CodeServer): Promise<void> {
  const logs = server.folder;
  const files = (await readdir(logs, { recursive: true })).filter((file) =>
    /Dev Env.*counter\.log$/.test(file),
  );
  const newest = files.sort().at(-1);
  assert.ok(newest !== undefined, 'there is no output channel of counter');
  const text = await until('lines in the channel', async () => {
    const content = await readFile(join(logs, newest), 'utf8');
    return content.includes('line 500') && content;
  });
  const numbers = [...text.matchAll(/^line (\d+)$/gm)].map((match) => Number(match[1]));
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  );
}
