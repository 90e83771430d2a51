import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PortBook } from '../../../src/store/portBook.ts';
import { openStateFolder, type StateFolder } from '../../../src/store/stateFolder.ts';

describe('PortBook', () => {
  let home: string;
  let one: StateFolder;
  let other: StateFolder;

  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'dev-env-test-'));
    one = await openStateFolder(path.join(home, 'one'), path.join(home, 'state'));
    other = await openStateFolder(path.join(home, 'other'), path.join(home, 'state'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('gives a process the same port every time, across hosts', async () => {
    const port = await (await PortBook.open(one)).assign('web');
    assert.equal(await (await PortBook.open(one)).assign('web'), port);
  });

  it('gives no port twice, not within an environment nor to another one', async () => {
    const book = await PortBook.open(one);
    const elsewhere = await PortBook.open(other);
    const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
    const ports = await Promise.all(names.map((name) => book.assign(name)));
    for (const name of names) ports.push(await elsewhere.assign(name));
    assert.equal(new Set(ports).size, 40);
  });

  it('chooses another port when told to, and keeps to it', async () => {
    const book = await PortBook.open(one);
    const port = await book.assign('web');
    const next = await book.reassign('web');
    assert.notEqual(next, port);
    assert.equal(await (await PortBook.open(one)).assign('web'), next);
  });

  it('takes over the choice of another host, and does not undo it', async () => {
    const book = await PortBook.open(one);
    await book.assign('web');
    const next = await (await PortBook.open(one)).reassign('web');
    await book.assign('api');
    assert.equal(await book.assign('web'), next);
    assert.equal(await (await PortBook.open(one)).assign('web'), next);
  });

  it('chooses anew when the book is damaged', async () => {
    for (const text of ['', '{', '[]', '{"web": "x"}', '{"web": 0}', '{"__proto__": 1}']) {
      await writeFile(path.join(one.path, 'ports.json'), text);
      const port = await (await PortBook.open(one)).assign('web');
      assert.ok(port > 0, text);
    }
  });
});
