import assert from 'node:assert/strict';
import { join } from 'node:path';
import { api, apiOf, type Case, describeAll, folder, itSays, load, modelOf } from './support.ts';

describe('schedules', () => {
  it('are an expression', async () => {
    const { schedule } = await apiOf('command: x', 'schedule: "*/5 * * * *"');
    assert.deepEqual(schedule, { cron: '*/5 * * * *', timeZone: undefined, overlap: 'skip' });
  });
  it('have a time zone, and seconds', async () => {
    const { schedule } = await apiOf(
      'command: x',
      'schedule: { cron: 30 0 3 * * MON, timezone: Europe/Berlin, overlap: queue }',
    );
    assert.deepEqual(schedule, {
      cron: '30 0 3 * * MON',
      timeZone: 'Europe/Berlin',
      overlap: 'queue',
    });
  });
  it('say what is no expression', async () => {
    for (const cron of ['', 'hourly', '* * *', '61 * * * *', '* * * * * * *', '*/0 * * * *']) {
      const { diagnostics } = await load(api('command: x', `schedule: { cron: "${cron}" }`));
      assert.match(describeAll(diagnostics).join(), /^error wrong-type: .*(?:cron|empty)/i, cron);
    }
  });
  const cases: readonly Case[] = [
    [
      'a time that never comes',
      api('command: x', 'schedule: «"0 0 30 2 *"»'),
      'error wrong-type: This time never comes.',
    ],
    [
      'a time zone',
      api('command: x', 'schedule: { cron: "* * * * *", timezone: «Europe/Berln» }'),
      'error wrong-type: There is no time zone "Europe/Berln". Did you mean "Europe/Berlin"? [Europe/Berlin]',
    ],
    [
      'a city',
      api('command: x', 'schedule: { cron: "* * * * *", timezone: «tokyo» }'),
      'error wrong-type: There is no time zone "tokyo". Did you mean "Asia/Tokyo"? [Asia/Tokyo]',
    ],
    [
      'no expression',
      api('command: x', '«schedule»: { overlap: skip }'),
      'error missing-key: "cron" is missing.',
    ],
    [
      'overlaps',
      api('command: x', 'schedule: { cron: "* * * * *", overlap: «skp» }'),
      'error wrong-type: "overlap" must be one of skip, queue, replace. Did you mean "skip"? [skip]',
    ],
    [
      'a number',
      api('command: x', 'schedule: «5»'),
      'error wrong-type: "schedule" must be a cron expression such as "*/5 * * * *", or a map with "cron".',
    ],
    [
      'an external',
      api('type: external', 'port: 5', '«schedule»: "* * * * *"'),
      'error not-for-external: An external process is not started or stopped here, so it has no "schedule".',
    ],
  ];
  describe('what is wrong with them', () => itSays(cases));
});

describe('watched files', () => {
  it('are a list of globs', async () => {
    const { watch } = await apiOf('command: x', 'workdir: ..', 'watch: [src/**/*.ts, "*.json"]');
    assert.deepEqual(watch, {
      paths: ['src/**/*.ts', '*.json'],
      ignore: [],
      folder: join(folder, '..'),
      debounceMs: 300,
      isGitignoreUsed: true,
    });
  });
  it('have options', async () => {
    const { watch } = await apiOf(
      'command: x',
      'watch: { paths: [a], ignore: ["*.b"], debounce: 1s, gitignore: false }',
    );
    assert.deepEqual(watch, {
      paths: ['a'],
      ignore: ['*.b'],
      folder,
      debounceMs: 1000,
      isGitignoreUsed: false,
    });
  });
  const relative =
    'error wrong-type: A glob is relative to the directory of the process; for another one set "workdir".';
  const cases: readonly Case[] = [
    ['an absolute path', api('command: x', 'watch: [«/etc/hosts»]'), relative],
    ['a drive', api('command: x', 'watch: ["a", «"C:/x"»]'), relative],
    ['a home', api('command: x', 'watch: { paths: [«~/x»] }'), relative],
    [
      'a folder above',
      api('command: x', 'watch: [«../src»]'),
      'error wrong-type: ".." leaves the directory of the process; set "workdir" to a folder above.',
    ],
    [
      'backslashes',
      api('command: x', 'watch: [«src\\x»]'),
      'error wrong-type: Write "/" between folders.',
    ],
    [
      'an exclamation mark',
      api('command: x', 'watch: [«"!src"»]'),
      'error wrong-type: "!" is not known here; write what is to be left out under "ignore".',
    ],
    [
      'nothing to watch',
      api('command: x', 'watch: «[]»'),
      'error wrong-type: "watch" must be a list of globs, such as ["src/**/*.ts"].',
    ],
    [
      'one glob',
      api('command: x', 'watch: «src»'),
      'error wrong-type: "watch" must be a list of globs, or a map with "paths".',
    ],
    [
      'no paths',
      api('command: x', '«watch»: { ignore: [x] }'),
      'error missing-key: "paths" is missing.',
    ],
  ];
  describe('what is wrong with them', () => itSays(cases));
});

describe('groups and profiles', () => {
  const text = `default_profiles: [dev, dev]\n${api('command: x', 'groups: [web, back, web]', 'profiles: [dev]')}`;
  it('are names', async () => {
    const { activeProfiles, processes } = await modelOf(text);
    assert.deepEqual(activeProfiles, ['dev']);
    assert.deepEqual([processes[0]?.groups, processes[0]?.profiles], [['web', 'back'], ['dev']]);
  });
  it('are chosen by who loads the file', async () => {
    assert.deepEqual((await modelOf(text, { profiles: [] })).activeProfiles, []);
    assert.deepEqual((await modelOf(text, { profiles: ['x'] })).activeProfiles, ['x']);
  });
  const cases: readonly Case[] = [
    [
      'a profile of nobody',
      `default_profiles: [«dbug»]\n${api('command: x', 'profiles: [debug]')}`,
      'warning unknown-profile: No process is in a profile "dbug". Did you mean "debug"? [debug]',
    ],
    [
      'a group that is no list',
      api('command: x', 'groups: «backend»'),
      'error wrong-type: "groups" must be a list of names.',
    ],
    [
      'a name',
      api('command: x', 'profiles: [«"a b"»]'),
      'error wrong-type: "profiles" must be a name: letters, digits, ".", "_" and "-", first a letter or digit, at most 64 characters.',
    ],
  ];
  describe('what is wrong with them', () => itSays(cases));
});
