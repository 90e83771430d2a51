import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { RecordStore } from '../../../src/store/recordStore.ts';
import type { RunRecord } from '../../../src/store/runRecord.ts';
import { openStateFolder, type StateFolder } from '../../../src/store/stateFolder.ts';
import { exampleRecord } from './exampleRecord.ts';
import { temporaryFolder, until } from './temporaryFolder.ts';

describe('RecordStore', () => {
  let folder: StateFolder;
  let store: RecordStore;
  let errors: string[];
  const record = (change: Partial<RunRecord> & { name: string }): RunRecord =>
    exampleRecord({ environment: folder.id, ...change });
  const names = async (): Promise<string[]> =>
    (await store.readAll()).records.map(({ name }) => name).sort();

  beforeEach(async () => {
    folder = await openStateFolder(temporaryFolder(), temporaryFolder());
    errors = [];
    store = new RecordStore({ folder, onWriteError: (message) => errors.push(message) });
  });

  it('gives back what was written', async () => {
    const records = [record({ name: 'api', pid: 10, startTime: '5' }), record({ name: 'db' })];
    for (const one of records) store.write(one);
    await store.flush();
    assert.deepEqual(await store.readAll(), { records, problems: [] });
    assert.deepEqual(errors, []);
  });

  it('writes the last of a burst, and little more', async () => {
    for (let run = 1; run <= 1000; run += 1) store.write(record({ name: 'api', run }));
    await store.flush();
    const { records } = await store.readAll();
    assert.equal(records[0]?.run, 1000);
  });

  it('writes what comes while it is writing', async () => {
    for (let run = 1; run <= 200; run += 1) {
      store.write(record({ name: 'api', run }));
      store.write(record({ name: 'db', run }));
      if (run % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await store.flush();
    assert.deepEqual(
      (await store.readAll()).records.map(({ run }) => run),
      [200, 200],
    );
  });

  it('has a record on disk when writeSync returns, and no older one lands on it', async () => {
    for (let run = 1; run <= 100; run += 1) {
      store.write(record({ name: 'api', run, state: 'waiting' }));
      if (run % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
      store.writeSync(record({ name: 'api', run, state: 'running' }));
      assert.match(readFileSync(folder.recordPath('api'), 'utf8'), /"state":"running"/);
    }
    await store.flush();
    const { records } = await store.readAll();
    assert.equal(records[0]?.state, 'running');
    assert.equal(records[0].run, 100);
    assert.deepEqual(readdirSync(folder.recordFolder), ['api.json']);
  });

  it('removes a record, also one that is being written', async () => {
    store.write(record({ name: 'api' }));
    await new Promise((resolve) => setImmediate(resolve));
    await store.remove('api');
    await store.flush();
    assert.deepEqual(await names(), []);
  });

  it('makes its folder again when somebody removed it', async () => {
    rmSync(folder.path, { recursive: true });
    store.write(record({ name: 'api' }));
    await store.flush();
    rmSync(folder.path, { recursive: true });
    store.writeSync(record({ name: 'db' }));
    assert.deepEqual(await names(), ['db']);
    assert.deepEqual(errors, []);
  });

  it('reports once that it cannot write, goes on, and makes up for it later', async () => {
    // A file where the folder was: also works for root, whom no mode stops.
    renameSync(folder.path, `${folder.path}.away`);
    writeFileSync(folder.path, '');
    store.write(record({ name: 'api', run: 1 }));
    store.writeSync(record({ name: 'db' }));
    await store.flush();
    store.write(record({ name: 'api', run: 2 }));
    await store.flush();
    assert.equal(errors.length, 1);
    rmSync(folder.path);
    renameSync(`${folder.path}.away`, folder.path);
    await store.flush();
    assert.deepEqual(await names(), ['api', 'db']);
    assert.equal((await store.readAll()).records.find(({ name }) => name === 'api')?.run, 2);
  });

  it('sets a swapped record aside, and it costs only itself', async () => {
    for (const name of ['api', 'db', 'web']) store.writeSync(record({ name, pid: 77 }));
    copyFileSync(folder.recordPath('db'), folder.recordPath('api'));
    const { records, problems } = await store.readAll();
    assert.deepEqual(records.map(({ name }) => name).sort(), ['db', 'web']);
    assert.equal(problems.length, 1);
    const [problem] = problems;
    assert.equal(problem?.path, folder.recordPath('api'));
    assert.equal(problem.fault, 'other-process');
    assert.match(path.basename(problem.movedTo ?? ''), /^api\.json\.corrupt-\d{4}-/);
    assert.ok(existsSync(problem.movedTo ?? ''));
    assert.deepEqual((await store.readAll()).problems, []);
  });

  it('does not believe the record of another environment', async () => {
    store.writeSync(record({ name: 'api', environment: 'other-0123456789' }));
    assert.deepEqual(
      (await store.readAll()).problems.map(({ fault }) => fault),
      ['other-process'],
    );
  });

  it('believes no bytes that it did not write, and never throws', async () => {
    const good = record({ name: 'good' });
    store.writeSync(good);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        writeFileSync(folder.recordPath('api'), bytes);
        const { records, problems } = await store.readAll();
        assert.deepEqual(records, [good]);
        assert.equal(problems.length, 1);
      }),
      { numRuns: 100 },
    );
  });

  it('sets aside what is not a file, or far too big', async () => {
    store.writeSync(record({ name: 'db' }));
    writeFileSync(folder.recordPath('api'), Buffer.alloc(1024 * 1024, ' '));
    assert.equal((await store.readAll()).problems.length, 1);
    assert.deepEqual(await names(), ['db']);
  });

  it('removes what a crash left half written, but not what is being written', async () => {
    const old = `${folder.recordPath('api')}.1-1.tmp`;
    const fresh = `${folder.recordPath('api')}.2-1.tmp`;
    for (const file of [old, fresh]) writeFileSync(file, '{"ver');
    utimesSync(old, 1, 1);
    assert.deepEqual(await store.readAll(), { records: [], problems: [] });
    assert.deepEqual(readdirSync(folder.recordFolder), [path.basename(fresh)]);
  });

  it('leaves a whole record whenever its writer is killed', async () => {
    const store2 = new URL('../../../src/store/recordStore.ts', import.meta.url).href;
    const program = `
      const { RecordStore } = await import(${JSON.stringify(store2)});
      const { StateFolder } = await import(${JSON.stringify(store2.replace('recordStore', 'stateFolder'))});
      const folder = new StateFolder(${JSON.stringify(folder.path)}, '');
      const store = new RecordStore({ folder, onWriteError: console.error });
      const record = ${JSON.stringify(record({ name: 'api' }))};
      for (let run = 1; ; run++) {
        if (run % 2) store.writeSync({ ...record, run });
        else { store.write({ ...record, run }); await store.flush(); }
      }`;
    for (let round = 0; round < 5; round += 1) {
      rmSync(folder.recordPath('api'), { force: true });
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: 'inherit',
      });
      await until(() => existsSync(folder.recordPath('api')));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
      child.kill('SIGKILL');
      await once(child, 'close');
      const { records, problems } = await store.readAll();
      assert.equal(records.length, 1);
      assert.deepEqual(problems, []);
    }
  });
});
