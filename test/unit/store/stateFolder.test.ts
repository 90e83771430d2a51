import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DevEnvError } from '../../../src/base/errors.ts';
import { slug } from '../../../src/store/slug.ts';
import { placeSocket } from '../../../src/store/socketPath.ts';
import { openStateFolder, stateHome } from '../../../src/store/stateFolder.ts';
import { temporaryFolder } from './temporaryFolder.ts';
import { skip } from '../../support/skip.ts';

const isPosix = process.platform !== 'win32';

describe('slug', () => {
  it('leaves ordinary names as they are', () => {
    for (const name of ['api', 'db-1', 'a.b_c', '0']) assert.equal(slug(name), name);
  });

  it('tells names apart that differ only in case', () => {
    const names = ['api', 'API', 'Api', 'aPI'];
    const slugs = new Set(names.map((name) => slug(name).toLowerCase()));
    assert.equal(slugs.size, names.length);
  });

  it('avoids what Windows reserves or trims', () => {
    for (const name of ['con', 'CON', 'nul.txt', 'com1', 'lpt9.log', 'aux.', 'prn', 'x.']) {
      const base = slug(name).split('.')[0] ?? '';
      assert.doesNotMatch(base, /^(con|prn|aux|nul|com\d|lpt\d)$/i, name);
      assert.doesNotMatch(slug(name), /\.$/, name);
    }
  });

  it('keeps long names apart and short', () => {
    const long = 'x'.repeat(300);
    assert.notEqual(slug(`${long}1`), slug(`${long}2`));
    assert.ok(slug(long).length < 100);
  });

  it('leads nowhere else, whatever the name', () => {
    for (const name of ['../x', '..', '/etc/passwd', 'a\\b', 'C:']) {
      assert.match(slug(name), /^[a-z0-9_-]*~[0-9a-f]{8}$/);
    }
  });
});

describe('stateHome', () => {
  it('is where DEV_ENV_STATE_HOME says', () => {
    assert.equal(
      stateHome({ DEV_ENV_STATE_HOME: '/somewhere/else' }),
      path.resolve('/somewhere/else'),
    );
  });

  it('is below the home folder by default', () => {
    assert.equal(path.basename(stateHome({ DEV_ENV_STATE_HOME: '' })).startsWith('.'), false);
    assert.ok(path.isAbsolute(stateHome({})));
  });
});

describe('openStateFolder', () => {
  it('gives one folder for one workspace, by whatever link it is reached', async () => {
    const home = temporaryFolder();
    const workspace = path.join(temporaryFolder(), 'my shop');
    mkdirSync(workspace);
    const link = path.join(temporaryFolder(), 'link');
    symlinkSync(workspace, link, 'dir');
    const direct = await openStateFolder(workspace, home);
    const linked = await openStateFolder(link, home);
    assert.equal(direct.path, linked.path);
    assert.match(direct.id, /^my_shop-[0-9a-f]{10}$/);
  });

  it('tells workspaces of the same name apart, and knows which is which', async () => {
    const home = temporaryFolder();
    const [a, b] = [temporaryFolder(), temporaryFolder()].map((parent) => path.join(parent, 'app'));
    for (const folder of [a!, b!]) mkdirSync(folder);
    const first = await openStateFolder(a!, home);
    const second = await openStateFolder(b!, home);
    assert.notEqual(first.path, second.path);
    const note: unknown = JSON.parse(
      readFileSync(path.join(second.path, 'environment.json'), 'utf8'),
    );
    assert.deepEqual(note, { folder: b });
  });

  it('is private to the user, and made private if it was not', async function () {
    if (!isPosix) skip(this, 'is about the modes of files');
    const home = path.join(temporaryFolder(), 'state');
    const workspace = temporaryFolder();
    const { path: folder } = await openStateFolder(workspace, home);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(home).mode & 0o777, 0o700);
    chmodSync(folder, 0o755);
    await openStateFolder(workspace, home);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  it('says what is wrong when it cannot be made', async () => {
    const file = path.join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    await assert.rejects(openStateFolder(temporaryFolder(), file), (error) => {
      assert.ok(error instanceof DevEnvError);
      assert.equal(error.code, 'state-folder');
      assert.match(error.message, /Cannot use the state folder .*file/);
      return true;
    });
  });

  it('keeps the files of processes apart whose names differ only in case', async () => {
    const state = await openStateFolder(temporaryFolder(), temporaryFolder());
    const paths = ['api', 'API'].flatMap((name) => [
      state.logPath(name, 1).toLowerCase(),
      state.exitFile(name, 1).toLowerCase(),
      state.recordPath(name).toLowerCase(),
      state.historyPath(name).toLowerCase(),
    ]);
    assert.equal(new Set(paths).size, 8);
    for (const file of paths) assert.ok(file.startsWith(state.path.toLowerCase()));
  });
});

describe('placeSocket', () => {
  it('is in the state folder when that is short enough', () => {
    assert.deepEqual(placeSocket('/home/me/x', 'abc', 'linux'), {
      path: path.join('/home/me/x', 'control.sock'),
      folder: undefined,
    });
  });

  it('goes to a private temporary folder when the path is too long for a socket', () => {
    const place = placeSocket(`/home/${'x'.repeat(100)}`, 'abc', 'linux', os.tmpdir());
    assert.ok(Buffer.byteLength(place.path) <= 103);
    assert.equal(path.dirname(place.path), place.folder);
    assert.match(place.path, /abc\.sock$/);
  });

  it('counts bytes, and avoids a temporary folder that is too deep', () => {
    const place = placeSocket(`/home/${'ü'.repeat(60)}`, 'abc', 'darwin', `/${'y'.repeat(100)}`);
    assert.match(place.path, /^[/\\]tmp[/\\]dev-env-/);
  });

  it('is a pipe on Windows', () => {
    assert.equal(placeSocket('C:\\x', 'abc', 'win32').path, '\\\\.\\pipe\\dev-env-abc');
  });
});
