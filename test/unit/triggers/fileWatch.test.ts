import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import createIgnore from 'ignore';
import picomatch from 'picomatch';
import { systemClock } from '../../../src/base/clock.ts';
import type { FileWatchSpec } from '../../../src/config/model.ts';
import { FileWatch } from '../../../src/triggers/fileWatch.ts';
import { GitIgnore } from '../../../src/triggers/gitignore.ts';
import { WatchTrigger } from '../../../src/triggers/watchTrigger.ts';
import { WatchedPaths } from '../../../src/triggers/watchedPaths.ts';
import { HandClock } from '../../support/handClock.ts';
import { skip } from '../../support/skip.ts';
import { until } from '../../support/until.ts';
import { TriggeredStub } from './triggeredStub.ts';

let folder: string;

/** Each test has a folder of its own. */
function inFolder(): void {
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(path.join(tmpdir(), 'dev-env-test-')));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });
}

async function write(name: string, text = name): Promise<void> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}

function spec(more: Partial<FileWatchSpec>): FileWatchSpec {
  return { paths: ['.'], ignore: [], folder, debounceMs: 20, isGitignoreUsed: true, ...more };
}

describe('The globs of a watch', () => {
  inFolder();

  const table: [glob: string, ignore: string, watched: string[], not: string[]][] = [
    ['src/**/*.ts', '', ['src/a.ts', 'src/b/c.ts'], ['src/a.js', 'a.ts', 'src/.a.ts']],
    ['src', '', ['src/a.ts', 'src/b/c.js'], ['a.ts', 'srcs/a.ts']],
    ['./src/', '', ['src/a.ts'], ['a.ts']],
    ['*.json', '', ['package.json'], ['src/package.json']],
    ['.', '*.log', ['a.ts', 'b/c.ts'], ['a.log', 'b/c.log']],
    ['.', 'dist', ['a.ts', 'dists/a.ts'], ['dist/a.js', 'b/dist/a.js']],
    ['.', 'b/dist/**', ['dist/a.js'], ['b/dist/a.js']],
    ['{src,lib}/*.ts', '', ['src/a.ts', 'lib/a.ts'], ['bin/a.ts']],
    ['../shared/**', '', ['../shared/a/b.ts'], ['a.ts']],
    ['a\\[1].ts', '', ['a[1].ts'], ['a1.ts']],
    ['.env', '', ['.env'], ['.env.local']],
  ];
  for (const [glob, ignore, watched, not] of table) {
    it(`${glob}${ignore === '' ? '' : ` without ${ignore}`}`, () => {
      const ignored = ignore === '' ? [] : [ignore];
      const paths = new WatchedPaths(spec({ paths: [glob], ignore: ignored }), picomatch);
      const isWatched = (name: string): boolean => {
        const file = path.resolve(folder, name);
        return (
          paths.isWatched(file) && !isPruned(paths, path.dirname(file), path.resolve(folder, '..'))
        );
      };
      assert.deepEqual([...watched, ...not].filter(isWatched), watched);
    });
  }

  it('walk no further than they reach', () => {
    const paths = new WatchedPaths(spec({ paths: ['*.json', 'src/*/*.ts'] }), picomatch);
    const walked = (name: string): boolean => paths.isWorthWalking(path.join(folder, name));
    assert(walked('') && walked('src') && walked('src/a'));
    assert(!walked('lib') && !walked('src/a/b') && !walked('node_modules') && !walked('src/.git'));
  });

  it('have the deepest folders that hold all of them as their roots', async () => {
    await write('src/a/b.ts');
    const paths = new WatchedPaths(
      spec({ paths: ['src/**/*.ts', 'src/a/*.ts', 'not/there/*.ts', 'src/a/b.ts'] }),
      picomatch,
    );
    assert.deepEqual(paths.roots(), [folder]);
    const other = new WatchedPaths(spec({ paths: ['src/**', 'src/a/*.ts'] }), picomatch);
    assert.deepEqual(other.roots(), [path.join(folder, 'src')]);
  });
});

/** Would a walk from `top` never get to this folder? */
function isPruned(paths: WatchedPaths, at: string, top: string): boolean {
  for (let one = at; one !== top && one !== path.dirname(one); one = path.dirname(one)) {
    if (!paths.isWorthWalking(one)) return true;
  }
  return false;
}

describe('What git ignores', () => {
  inFolder();

  it('is what git itself says', async () => {
    execFileSync('git', ['init', '-q'], { cwd: folder });
    await write(
      '.gitignore',
      '*.log\n/build\ntmp/\n!important.log\ngenerated/*\n!generated/keep\n',
    );
    await write('packages/a/.gitignore', '*.js\n!index.js\n!*.log\n');
    await write('.git/info/exclude', 'notes.txt\n');
    const names = [
      'a.log',
      'important.log',
      'build/a.ts',
      'src/build/a.ts',
      'src/tmp/a.ts',
      'tmp/important.log',
      'generated/a.ts',
      'generated/keep/a.ts',
      'packages/a/a.js',
      'packages/a/index.js',
      'packages/a/deep/a.js',
      'packages/a/a.log',
      'packages/b/a.js',
      'notes.txt',
      'src/notes.txt',
      'src/a.ts',
    ];
    for (const name of names) await write(name);
    const git = new GitIgnore(path.join(folder, 'packages'), createIgnore);
    assert.equal(git.root, folder);
    const ours = names.filter((name) => git.isIgnored(path.join(folder, name), false));
    const said = execFileSync('git', ['check-ignore', '--stdin', '--no-index'], {
      cwd: folder,
      input: names.join('\n'),
      encoding: 'utf8',
    });
    assert.deepEqual(ours, said.trim().split('\n'));
  });

  it('counts outside of a repository, too', async () => {
    await write('.gitignore', 'dist\n');
    const git = new GitIgnore(folder, createIgnore);
    assert(git.isIgnored(path.join(folder, 'dist'), true));
    assert(git.isIgnored(path.join(folder, 'src/dist/a.js'), false));
    assert(!git.isIgnored(path.join(folder, '../dist/a.js'), false));
  });
});

interface Watched extends Disposable {
  /** Files that were told as the cause of a change, relative to the folder. */
  readonly seen: string[];
}

async function watch(more: Partial<FileWatchSpec> = {}): Promise<Watched> {
  const seen: string[] = [];
  const files = new FileWatch(spec(more), {
    clock: systemClock,
    onChange: ({ file }) => seen.push(path.relative(folder, file)),
    onProblem: (message) => seen.push(`problem: ${message}`),
  });
  await files.ready;
  return {
    seen,
    [Symbol.dispose]: () => {
      files.dispose();
    },
  };
}

/** Writes until the change is seen: a file system may take its time to tell, and forget some. */
async function untilSeen({ seen }: Watched, name: string): Promise<void> {
  let count = 0;
  await until(
    `a change of ${name}`,
    async () => {
      if (seen.includes(name)) return true;
      await write(name, `${name} ${++count}`);
      return false;
    },
    60_000,
    { everyMs: 100, describe: () => `Seen: ${seen.join(', ')}` },
  );
}

describe('A file watch', () => {
  inFolder();

  it('tells of files that are changed, made, replaced and removed', async () => {
    await write('src/a.ts');
    await write('src/b.ts');
    using watched = await watch({ paths: ['src/**/*.ts'] });
    await untilSeen(watched, 'src/a.ts');
    await untilSeen(watched, 'src/new/c.ts');
    watched.seen.length = 0;
    await write('other', 'replaced');
    await rename(path.join(folder, 'other'), path.join(folder, 'src/b.ts'));
    await until('the replaced file', () => watched.seen.includes('src/b.ts'), 60_000);
    watched.seen.length = 0;
    await rm(path.join(folder, 'src/b.ts'));
    await until('the removed file', () => watched.seen.includes('src/b.ts'), 60_000);
  });

  it('is ready when it sees everything, and not before', async function () {
    if (process.platform !== 'linux') skip(this, 'the system may begin to tell a moment later');
    // So many that they take a while. Here is no repository, so what git reads in one is not there.
    const names = [...Array(200).keys()].map((at) => `src/${String(at)}/deep/a.ts`);
    await Promise.all(names.map((name) => write(name)));
    using watched = await watch({ paths: ['src/**'] });
    const last = names.at(-1)!;
    await write(last, 'changed');
    await until('the only change', () => watched.seen.includes(last));
  });

  it('says nothing of what is ignored, by git, by the watch, or by its name', async () => {
    await write('.gitignore', 'dist\n');
    for (const name of ['dist/a.js', 'logs/a.log', 'node_modules/a/index.js', 'src/a.ts', 'a.md']) {
      await write(name);
    }
    using watched = await watch({ paths: ['**/*.{ts,js,log}'], ignore: ['logs'] });
    for (const name of ['dist/a.js', 'logs/a.log', 'node_modules/a/index.js', 'a.md']) {
      await write(name, 'changed');
    }
    // What was written before would have been told before.
    await untilSeen(watched, 'src/a.ts');
    assert.deepEqual([...new Set(watched.seen)], ['src/a.ts']);
  });

  it('follows changes of what git ignores', async () => {
    await write('.gitignore', 'dist\n');
    await write('dist/a.js');
    await write('src/a.js');
    using watched = await watch({ paths: ['**/*.js'] });
    await write('.gitignore', 'src\n');
    await untilSeen(watched, 'dist/a.js');
    // Both watches see changes until the new one sees them all.
    await until(
      'what git ignores now to be left out',
      async () => {
        watched.seen.length = 0;
        await write('src/a.js', 'changed');
        await untilSeen(watched, 'dist/a.js');
        return !watched.seen.includes('src/a.js');
      },
      60_000,
    );
  });

  it('gathers changes that come together, and names the first', async () => {
    await write('a.ts');
    const changes: { file: string; count: number }[] = [];
    const files = new FileWatch(spec({ debounceMs: 2_000 }), {
      clock: systemClock,
      onChange: ({ file, count }) => changes.push({ file: path.basename(file), count }),
      onProblem: (message) => assert.fail(message),
    });
    await files.ready;
    // The system may begin to tell of changes a moment later than it says.
    let tries = 0;
    const isSeen = async (): Promise<boolean> => {
      if (changes.length === 0) await write('first.ts', String((tries += 1)));
      return changes.length > 0;
    };
    await until('a first change', isSeen, 120_000, { everyMs: 3_000 });
    changes.length = 0;
    await write('a.ts', 'changed');
    await write('b.ts');
    await until('the changes', () => changes.length > 0, 60_000);
    files.dispose();
    assert.deepEqual(changes, [{ file: 'a.ts', count: 2 }]);
  });

  it('waits for a folder that is not there yet', async () => {
    using watched = await watch({ paths: ['src/**'] });
    await untilSeen(watched, 'src/deep/a.ts');
  });

  it('tells of files that change without a pause', async () => {
    let told = 0;
    const files = new FileWatch(spec({ debounceMs: 1_000 }), {
      clock: systemClock,
      onChange: () => (told += 1),
      onProblem: (message) => assert.fail(message),
    });
    await files.ready;
    let writes = 0;
    const isTold = async (): Promise<boolean> => {
      await write('busy.log', String((writes += 1)));
      return told > 0;
    };
    await until('a word on it', isTold, 60_000, { everyMs: 50 });
    files.dispose();
  });

  it('says when it cannot watch, and when it can again', async function () {
    if (process.platform === 'win32') skip(this, 'has no rights to take away');
    await write('src/a.ts');
    await chmod(folder, 0o755);
    await chmod(path.join(folder, 'src'), 0o000);
    const clock = new HandClock();
    const subject = new TriggeredStub({ kind: 'service', state: 'running' });
    // For the superuser nothing is forbidden.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.('nobody');
    let trigger: WatchTrigger;
    try {
      const watched = spec({ paths: ['src/**'] });
      trigger = new WatchTrigger(watched, clock, subject, undefined, () => undefined);
      await trigger.ready;
      await until('the problem', () => trigger.note, 60_000);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
    assert.match(trigger.note ?? '', /^its files cannot be watched: EACCES/);
    await chmod(path.join(folder, 'src'), 0o755);
    await clock.advance(10_000);
    await until('its end', () => trigger.note === undefined, 60_000);
    trigger.dispose();
  });
});
