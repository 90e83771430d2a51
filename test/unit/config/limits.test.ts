import assert from 'node:assert/strict';
import { parsePercent, parseSize } from '../../../src/config/size.ts';
import { api, apiOf, type Case, itSays, load, modelOf } from './support.ts';

describe('parseSize', () => {
  const cases: [string, number | undefined][] = [
    ['512MB', 512_000_000],
    ['512MiB', 536_870_912],
    ['1.5GiB', 1_610_612_736],
    ['10kB', 10_000],
    ['10KB', 10_000],
    ['7B', 7],
    ['512', undefined],
    ['512 MB', undefined],
    ['512mb', undefined],
    ['-1MB', undefined],
    ['99999TB', undefined],
    ['', undefined],
  ];
  for (const [text, bytes] of cases) it(`"${text}"`, () => assert.equal(parseSize(text), bytes));
});

describe('parsePercent', () => {
  const cases: [string, number | undefined][] = [
    ['150%', 150],
    ['0.5%', 0.5],
    ['150', undefined],
    ['%', undefined],
  ];
  for (const [text, part] of cases) it(`"${text}"`, () => assert.equal(parsePercent(text), part));
});

describe('limits', () => {
  it('are all read', async () => {
    const { limits } = await apiOf(
      'command: x',
      'limits: { memory: 512MB, cpu: 150%, open_files: 4096, processes: 50, io_weight: 10, on_limit: restart }',
    );
    assert.deepEqual(limits, {
      memoryBytes: 512_000_000,
      cpuPercent: 150,
      openFiles: 4096,
      processes: 50,
      ioWeight: 10,
      onLimit: 'restart',
    });
  });
  it('are none if none is written', async () => {
    assert.equal((await apiOf('command: x')).limits, undefined);
    assert.equal((await apiOf('command: x', 'limits: {}')).limits, undefined);
  });
  it('have defaults, key by key, not for externals', async () => {
    const model = await modelOf(
      `defaults: { limits: { memory: 1GiB, on_limit: stop }, tty: true }\n${api('command: x', 'limits: { cpu: 50% }')}  db: { type: external, port: 5 }\n`,
    );
    const [first, db] = model.processes;
    assert.equal(first?.limits?.memoryBytes, 2 ** 30);
    assert.deepEqual([first.limits.cpuPercent, first.limits.onLimit], [50, 'stop']);
    assert.deepEqual([db?.limits, db?.tty, first.tty], [undefined, false, true]);
  });
  const cases: readonly Case[] = [
    [
      'a bare number for memory',
      api('command: x', 'limits: { memory: «512» }'),
      'error wrong-unit: "memory" must be a size with a unit, such as 512MB or 1.5GiB. Write 512MB. [512MB]',
    ],
    [
      'a unit in small letters',
      api('command: x', 'limits: { memory: «2 gib» }'),
      'error wrong-unit: "memory" must be a size with a unit, such as 512MB or 1.5GiB. Write 2GiB. [2GiB]',
    ],
    [
      'a bare number for the CPU',
      api('command: x', 'limits: { cpu: «150» }'),
      'error wrong-unit: "cpu" must be percent of one core, such as 150%. Write 150%. [150%]',
    ],
    [
      'nothing',
      api('command: x', 'limits: { memory: «0MB», cpu: «0%» }'),
      'error wrong-unit: A size must be from 1B to 9000TB.',
      'error wrong-unit: A part of the CPU must be from 1% to 100000%.',
    ],
    [
      'a weight',
      api('command: x', 'limits: { io_weight: «0», open_files: «-1» }'),
      'error wrong-type: "io_weight" must be a whole number from 1 to 10000.',
      'error wrong-type: "open_files" must be a whole number from 1.',
    ],
    [
      'a key',
      api('command: x', 'limits: { «mem»: 5MB, «openfiles»: 5 }'),
      'error unknown-key: There is no field "mem" here. There are: memory, cpu, open_files, processes, io_weight, on_limit.',
      'error unknown-key: There is no field "openfiles" here. Did you mean "open_files"? [open_files]',
    ],
  ];
  describe('what is wrong with them', () => itSays(cases));
});

describe('logging', () => {
  it('has defaults, key by key', async () => {
    const plain = await apiOf('command: x');
    assert.deepEqual(plain.logging, { maxSizeBytes: 100_000_000, maxFiles: 3, format: 'text' });
    const text = `defaults: { logging: { max_size: 1MB, format: json } }\n${api('command: x', 'logging: { max_files: 9 }')}`;
    const [own] = (await modelOf(text)).processes;
    assert.deepEqual(own?.logging, { maxSizeBytes: 1_000_000, maxFiles: 9, format: 'json' });
  });
  it('has terminals and matchers', async () => {
    const { tty, interactive, problemMatchers } = await apiOf(
      'command: x',
      'interactive: true',
      'problem_matcher: $tsc-watch',
    );
    assert.deepEqual([tty, interactive, problemMatchers], [true, true, ['$tsc-watch']]);
    const other = await apiOf('command: x', 'tty: true', 'problem_matcher: [$tsc, own]');
    assert.deepEqual([other.tty, other.interactive], [true, false]);
    assert.deepEqual(other.problemMatchers, ['$tsc', 'own']);
  });
  describe('what is wrong with it', () =>
    itSays([
      [
        'a size without a unit',
        api('command: x', 'logging: { max_size: «100» }'),
        'error wrong-unit: "max_size" must be a size with a unit, such as 512MB or 1.5GiB. Write 100MB. [100MB]',
      ],
      [
        'a format',
        api('command: x', 'logging: { format: «jsn» }'),
        'error wrong-type: "format" must be one of text, json. Did you mean "json"? [json]',
      ],
      [
        'a matcher',
        api('command: x', 'problem_matcher: «"$ tsc"»'),
        'error wrong-type: "problem_matcher" must be the name of a problem matcher, such as $tsc-watch, or a list of them.',
      ],
    ]));
});

describe('runners', () => {
  const cases: [written: string, name: string, options: unknown][] = [
    ['node: server.js', 'node', { script: 'server.js' }],
    ['node: { script: "s${port}.js", args: [--port, 5, true] }', 'node', { script: 's8080.js', args: ['--port', '5', 'true'] }],
    ['python: w.py', 'python', { script: 'w.py' }],
    ['python: { module: http.server, venv: .v }', 'python', { module: 'http.server', venv: '.v' }],
    ['python: { function: "a.b:c" }', 'python', { function: 'a.b:c' }],
    ['other: { depth: 5, list: ["${port}", { a: null }], on: true }', 'other', { depth: 5, list: ['8080', { a: null }], on: true }],
    ['other:', 'other', {}],
  ]; // prettier-ignore
  for (const [written, name, options] of cases) {
    it(`{ ${written} }`, async () => {
      const process = await apiOf('port: 8080', `runner: { ${written} }`);
      assert.equal(process.command, '');
      assert.deepEqual(process.runner, { name, options });
    });
  }
  it('that are unknown are no error here', async () => {
    const { diagnostics } = await load(api('runner: { deno: { script: x } }'));
    assert.deepEqual(diagnostics, []);
  });
  describe('what is wrong with them', () =>
    itSays([
      [
        'a command beside it',
        api('command: x', '«runner»: { node: x }'),
        'error conflicting-keys: A process has either a "command" or a "runner".',
      ],
      ['none', api('«runner»: {}'), 'error missing-key: "runner" needs one of node, python.'],
      [
        'two',
        api('runner: { node: x, «python»: y }'),
        'error conflicting-keys: A process has one runner, and this one has "node" already.',
      ],
      [
        'a word',
        api('runner: «node»'),
        'error wrong-type: "runner" must be a map with "node", "python", or the name of another runner.',
      ],
      [
        'no script',
        api('runner: { «node»: { args: [x] } }'),
        'error missing-key: "script" is missing.',
      ],
      [
        'nothing for Python',
        api('runner: { «python»: {} }'),
        'error missing-key: "python" needs one of script, module, function.',
      ],
      [
        'two things for Python',
        api('runner: { python: { script: x, «module»: y } }'),
        'error conflicting-keys: "python" has "script" already; it runs only one thing.',
      ],
      [
        'a function',
        api('runner: { python: { function: «main» } }'),
        'error wrong-type: "function" must be "package.module:callable".',
      ],
      [
        'a key',
        api('runner: { «node»: { «scrpt»: x } }'),
        'error missing-key: "script" is missing.',
        'error unknown-key: There is no field "scrpt" here. Did you mean "script"? [script]',
      ],
      [
        'options of another one',
        api('runner: { deno: «[x]» }'),
        'error wrong-type: "deno" must be a map with its options.',
      ],
      [
        'an external',
        api('type: external', 'port: 5', '«runner»: { node: x }'),
        'error not-for-external: An external process is not started or stopped here, so it has no "runner".',
      ],
    ]));
});
