import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { skip } from '../../support/skip.ts';
import { temporaryFolder } from '../store/temporaryFolder.ts';

const loader = join(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'loadScript.ts');

describe('loadScript', function () {
  let folder: string;
  let script: string;

  before(function () {
    if (process.platform === 'linux') return;
    skip(this, 'the cache folder of the user cannot be put in another place here');
  });

  beforeEach(() => {
    folder = temporaryFolder();
    script = join(folder, 'program.cjs');
    writeFileSync(script, `const os = require('./other.cjs'); exports.say = () => os.word;`);
    writeFileSync(join(folder, 'other.cjs'), `exports.word = 'hello from ' + __filename;`);
  });

  const cache = () => join(folder, 'cache', 'dev-env', 'compiled');

  function run(env: Record<string, string> = {}): string {
    const code = `import(${JSON.stringify(loader)}).then(({ loadScript }) =>
      process.stdout.write(loadScript(${JSON.stringify(script)}, 'test').say()))`;
    return execFileSync(process.execPath, ['--no-warnings', '-e', code], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], XDG_CACHE_HOME: join(folder, 'cache'), ...env },
    });
  }

  function kept(): string[] {
    return readdirSync(cache()).map((name) => join(cache(), name));
  }

  it('runs the script as require does, and keeps what was compiled for the next time', () => {
    const expected = `hello from ${join(folder, 'other.cjs')}`;
    assert.equal(run(), expected);
    const [first = ''] = kept();
    const { ino } = statSync(first);
    assert.equal(run(), expected);
    assert.deepEqual(kept(), [first]);
    assert.equal(statSync(first).ino, ino, 'it was taken, and not made again');
  });

  it('does not take a damaged file, and makes it anew', () => {
    run();
    const [file = ''] = kept();
    const whole = readFileSync(file);
    const damaged = Buffer.from(whole);
    damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 0xff;
    for (const bytes of [damaged, whole.subarray(0, 40), Buffer.alloc(0)]) {
      writeFileSync(file, bytes);
      const { ino } = statSync(file);
      assert.match(run(), /^hello from/);
      assert.notEqual(statSync(file).ino, ino);
    }
  });

  it('keeps something of its own for each build of the script', () => {
    run();
    writeFileSync(script, `exports.say = () => 'another build';`);
    assert.equal(run(), 'another build');
    assert.equal(kept().length, 2);
  });

  it('removes what nobody has made anew for a long time', () => {
    mkdirSync(cache(), { recursive: true });
    const old = join(cache(), 'of-an-old-build');
    writeFileSync(old, '');
    utimesSync(old, 1_000_000, 1_000_000);
    run();
    assert.ok(!kept().includes(old));
  });

  it('works where nothing can be kept, and when nothing is to be', () => {
    assert.match(run({ NODE_DISABLE_COMPILE_CACHE: '1' }), /^hello from/);
    assert.throws(kept, { code: 'ENOENT' });
    writeFileSync(join(folder, 'cache'), 'a file where the folder should be');
    assert.match(run(), /^hello from/);
  });
});
