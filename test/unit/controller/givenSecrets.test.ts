import assert from 'node:assert/strict';
import { Environment } from '../../../src/controller/environment.ts';
import { environmentSecrets } from '../../../src/controller/environmentSecrets.ts';
import { secretsIn } from '../../../src/controller/givenSecrets.ts';
import { ObservedEnvironment } from '../../../src/controller/observedEnvironment.ts';
import { skip } from '../../support/skip.ts';
import { openTestEnvironment, processModel } from '../../support/testEnvironment.ts';

const value = 'correct horse battery';
const stayUp = [process.execPath, '-e', 'setInterval(() => 0, 1000)'] as const;

describe('The secrets that a program was given', () => {
  const name = { secret: 'NAME' };
  const other = { secret: 'OTHER' };
  const cases: [what: string, Parameters<typeof secretsIn>[0], string, [string, string][]][] = [
    ['a whole value', { A: [name] }, value, [['NAME', value]]],
    [
      'a part of it',
      { A: ['postgres://u:', name, '@h/db'] },
      `postgres://u:x@y@h/db`,
      [['NAME', 'x@y']],
    ],
    [
      'several',
      { A: [name, ':', other] },
      'one:two',
      [
        ['NAME', 'one'],
        ['OTHER', 'two'],
      ],
    ],
    ['several lines', { A: ['<', name, '>'] }, '<a\nb>', [['NAME', 'a\nb']]],
    ['text with signs of patterns', { A: ['a.*(', name] }, 'a.*(x', [['NAME', 'x']]],
    ['two side by side', { A: [name, other] }, 'both', [['NAME', 'both']]],
    ['nothing that was made of another pattern', { A: ['new-', name] }, `old-x`, []],
    ['no empty ones', { A: [name] }, '', []],
    ['nothing that is not there', { B: [name] }, 'x', []],
  ];
  for (const [what, secretEnv, given, expected] of cases) {
    it(`are found in its variables: ${what}`, () => {
      assert.deepEqual([...secretsIn(secretEnv, { A: given })], expected);
    });
  }

  it('are hidden by hosts that were not there, and that nobody tells', async function () {
    if (process.platform !== 'linux') skip(this, 'nobody may look into an environment here');
    const secretEnv = { SECRET: ['<', { secret: 'PASSWORD' }, '>'] };
    const one = processModel('one', [...stayUp], { secretEnv });
    const source = environmentSecrets({ DEV_ENV_SECRET_PASSWORD: value });
    await using test = await openTestEnvironment([one], {}, undefined, source);
    const { environment: first, stateFolder } = test;
    await first.start();
    await first.flush();
    const observed = new ObservedEnvironment(first.model, stateFolder, 'another window');
    await observed.look();
    assert.equal(observed.mask(`my ${value}`), 'my •••');
    observed.dispose();
    first.dispose();
    const second = new Environment({ model: first.model, stateFolder, hostEnv: process.env });
    try {
      assert.equal(second.secrets.hasAny, false);
      await second.recover();
      assert.equal(second.process('one')?.state, 'running');
      assert.equal(second.mask(`my ${value}`), 'my •••');
      assert.equal(second.secrets.hasAny, true);
    } finally {
      await second.stop(undefined, { force: true });
      second.dispose();
    }
  });
});
