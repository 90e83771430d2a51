import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import type { FileWatchSpec, ProcessModel } from '../../../src/config/model.ts';
import { Triggers } from '../../../src/controller/triggers.ts';
import { HandClock } from '../../support/handClock.ts';
import {
  environmentModel,
  openTestEnvironment,
  processModel,
  type TestEnvironment,
} from '../../support/testEnvironment.ts';
import { until } from '../../support/until.ts';

const minute = 60_000;
const stayUp = [process.execPath, '-e', 'setInterval(() => {}, 1000)'] as const;
const end = [process.execPath, '-e', ''] as const;
const schedule = { cron: '*/10 * * * *', timeZone: 'UTC', overlap: 'skip' } as const;

interface Subject extends TestEnvironment {
  triggers(): Triggers;
}

async function open(processes: readonly ProcessModel[], clock: Clock): Promise<Subject> {
  let triggers: Triggers | undefined;
  const opened = await openTestEnvironment(processes, {}, (stateFolder) => ({
    companions: [(host) => (triggers = new Triggers(host, stateFolder, clock))],
  }));
  return Object.assign(opened, { triggers: () => triggers! });
}

describe('A schedule in an environment', () => {
  const backup = processModel('backup', end, { kind: 'task', schedule, dependsOn: [] });

  it('arms a task with everything, and runs it when its time comes', async () => {
    const clock = new HandClock();
    const db = processModel('db', stayUp);
    await using subject = await open([db, backup], clock);
    const { environment } = subject;
    const result = await environment.start();
    assert.deepEqual(result, { succeeded: ['db'], failed: [], cancelled: [] });
    await subject.triggers().ready();
    assert.equal(environment.process('backup')?.run, 0);
    assert.equal(environment.process('backup')?.nextScheduledAtMs, 10 * minute);
    await clock.advance(10 * minute);
    await subject.until('backup', ({ state, run }) => state === 'completed' && run === 1);
    assert.equal(environment.process('backup')?.nextScheduledAtMs, 20 * minute);
  });

  it('runs a task at once that is started by its name, and goes on after that', async () => {
    const clock = new HandClock();
    await using subject = await open([backup], clock);
    await subject.environment.start(['backup']);
    await subject.until('backup', ({ state, run }) => state === 'completed' && run === 1);
    await subject.triggers().ready();
    await clock.advance(10 * minute);
    await subject.until('backup', ({ state, run }) => state === 'completed' && run === 2);
  });

  it('is disarmed by a stop, also of what does not run', async () => {
    const clock = new HandClock();
    await using subject = await open([backup], clock);
    const { environment } = subject;
    await environment.start();
    await subject.triggers().ready();
    await environment.stop(['backup']);
    assert.equal(environment.process('backup')?.nextScheduledAtMs, undefined);
    await clock.advance(60 * minute);
    assert.equal(environment.process('backup')?.run, 0);
  });

  it('restarts a service, and says so', async () => {
    const clock = new HandClock();
    await using subject = await open([processModel('web', stayUp, { schedule })], clock);
    await subject.environment.start();
    await subject.triggers().ready();
    await clock.advance(10 * minute);
    const restarted = await subject.until(
      'web',
      ({ state, run }) => state === 'running' && run > 1,
    );
    assert.equal(restarted.run, 2);
    assert.equal(restarted.restarts, 0);
  });

  it('starts nothing that a person stopped, and says what it needs', async () => {
    const clock = new HandClock();
    const db = processModel('db', stayUp);
    const nightly = { ...backup, dependsOn: [{ name: 'db', condition: 'ready' as const }] };
    await using subject = await open([db, nightly], clock);
    const { environment } = subject;
    await environment.start();
    await subject.triggers().ready();
    await environment.stop(['db'], { withDependents: false });
    await clock.advance(10 * minute);
    const { run, triggerNote } = environment.process('backup')!;
    assert.equal(run, 0);
    assert.match(triggerNote ?? '', /^not started at .*, since it needs db, which you stopped$/);
    assert.equal(environment.process('db')?.state, 'stopped');
    await environment.start(['db']);
    await clock.advance(10 * minute);
    await subject.until('backup', ({ state }) => state === 'completed');
    assert.equal(environment.process('backup')?.triggerNote, undefined);
  });

  it('stays armed for the next host, which tells what was missed', async () => {
    const clock = new HandClock();
    await using subject = await open([backup], clock);
    const { environment, stateFolder } = subject;
    await environment.start();
    await subject.triggers().ready();
    await subject.triggers().flush();
    subject.triggers().dispose();
    await clock.advance(25 * minute);
    const next = new Triggers(environment, stateFolder, clock);
    next.setModel(environment.model);
    await next.ready();
    assert.equal(next.facts('backup').nextScheduledAtMs, 30 * minute);
    assert.match(next.facts('backup').triggerNote ?? '', /^missed 2 times/);
    next.dispose();
    assert.equal(environment.process('backup')?.run, 0);
  });

  it('follows the file', async () => {
    const clock = new HandClock();
    await using subject = await open([backup], clock);
    const { environment, folder } = subject;
    await environment.start();
    await subject.triggers().ready();
    const hourly = { ...backup, schedule: { ...schedule, cron: '0 * * * *' } };
    environment.setModel(environmentModel(folder, [hourly]));
    await subject.triggers().ready();
    assert.equal(environment.process('backup')?.nextScheduledAtMs, 60 * minute);
    environment.setModel(environmentModel(folder, [{ ...backup, schedule: undefined }]));
    await subject.triggers().ready();
    assert.equal(environment.process('backup')?.nextScheduledAtMs, undefined);
  });
});

describe('A file watch in an environment', () => {
  let source: string;

  beforeEach(async () => {
    source = await realpath(await mkdtemp(path.join(tmpdir(), 'dev-env-test-')));
    await mkdir(path.join(source, 'src'));
    await writeFile(path.join(source, 'src/app.js'), '');
  });
  afterEach(async () => {
    await rm(source, { recursive: true, force: true });
  });

  const watch = (more: Partial<FileWatchSpec> = {}): FileWatchSpec => ({
    paths: ['src/**'],
    ignore: [],
    folder: source,
    debounceMs: 20,
    isGitignoreUsed: true,
    ...more,
  });

  /** Changes a file again and again until something comes of it. */
  async function change(what: string, isDone: () => boolean): Promise<void> {
    let count = 0;
    await until(
      what,
      async () => {
        if (!isDone()) await writeFile(path.join(source, 'src/app.js'), `// ${String(++count)}`);
        return isDone();
      },
      60_000,
      { everyMs: 500 },
    );
  }

  it('restarts the process, and names the file', async () => {
    const web = processModel('web', stayUp, { watch: watch() });
    await using subject = await open([web], systemClock);
    const { environment } = subject;
    await environment.start();
    await subject.triggers().ready();
    await change('the restart', () => (environment.process('web')?.run ?? 0) > 1);
    const restarted = await subject.until('web', ({ state }) => state === 'running');
    assert.equal(restarted.triggerNote, 'restarted because src/app.js changed');
    assert.equal(restarted.restarts, 0);
  });

  it('starts a process again that has failed, and not one that a person stopped', async () => {
    const broken = processModel('broken', [process.execPath, '-e', 'process.exit(1)'], {
      watch: watch(),
    });
    const web = processModel('web', stayUp, { watch: watch() });
    await using subject = await open([broken, web], systemClock);
    const { environment } = subject;
    await environment.start();
    await environment.stop(['web']);
    await subject.until('broken', ({ state }) => state === 'failed');
    await subject.triggers().ready();
    await change('the next try', () => (environment.process('broken')?.run ?? 0) > 1);
    assert.equal(environment.process('web')?.run, 1);
  });

  it('does not restart what needs a process that a person stopped, and says so', async () => {
    const db = processModel('db', stayUp);
    const web = processModel('web', stayUp, {
      watch: watch(),
      dependsOn: [{ name: 'db', condition: 'ready' }],
    });
    await using subject = await open([db, web], systemClock);
    const { environment } = subject;
    await environment.start();
    await environment.stop(['db'], { withDependents: false });
    await subject.triggers().ready();
    const note = (): string | undefined => environment.process('web')?.triggerNote;
    await change('a word on it', () => note() !== undefined);
    assert.equal(
      note(),
      'not restarted though src/app.js changed, since it needs db, which you stopped',
    );
    assert.deepEqual(
      [environment.process('web')?.run, environment.process('db')?.state],
      [1, 'stopped'],
    );
  });

  it('stops a process that changes what it watches, and says which file it is', async () => {
    // As a bundler does whose output lies in its input.
    const out = path.join(source, 'src', 'out.js');
    const script = `require('fs').writeFileSync(${JSON.stringify(out)}, String(Date.now()));
      setInterval(() => {}, 1000)`;
    const bundler = processModel('bundler', [process.execPath, '-e', script], { watch: watch() });
    const other = processModel('other', stayUp, { watch: watch({ paths: ['src/app.js'] }) });
    await using subject = await open([bundler, other], systemClock);
    const { environment } = subject;
    await environment.start();
    await subject.triggers().ready();
    // Its first write may have been before the watch.
    await writeFile(path.join(source, 'src/app.js'), '// changed');
    const failed = await subject.until('bundler', ({ failure }) => failure !== undefined);
    assert.equal(failed.failure, 'watch-loop');
    assert.match(failed.reason ?? '', /src\/out\.js changed right after each of 5 starts/);
    assert(failed.run <= 20, String(failed.run));
    // It stays down, whatever changes, until a person starts it.
    const others = (): number => environment.process('other')?.run ?? 0;
    const before = others();
    await change('a restart of the other', () => others() > before);
    const { state, run } = environment.process('bundler')!;
    assert.deepEqual([state, run], ['failed', failed.run]);
    await subject.triggers().flush();
    const saved = await readFile(path.join(subject.stateFolder.path, 'triggers.json'), 'utf8');
    assert.match(saved, /src\/out\.js/);
    await environment.start(['bundler']);
    // It may be at its next loop already.
    const again = await subject.until('bundler', (process) => process.state === 'running');
    assert.ok(again.run > failed.run);
    assert.doesNotMatch(again.triggerNote ?? '', /loop/);
  });
});
