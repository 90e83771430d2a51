import assert from 'node:assert/strict';
import { programEnvironment, withoutExcluded } from '../../../src/controller/programEnvironment.ts';

describe('the environment of a program', () => {
  it('is laid in a fixed order', () => {
    const layers = ['inherited', 'port', 'file', 'command', 'env', 'secret', 'mark'] as const;
    // Each name is set by its own layer and all below it.
    const upTo = (top: (typeof layers)[number], value: string): Record<string, string> =>
      Object.fromEntries(layers.slice(layers.indexOf(top)).map((name) => [name, value]));
    assert.deepEqual(
      programEnvironment({
        hostEnv: { ...upTo('inherited', 'inherited'), PORT: 'inherited' },
        definition: {
          fileEnv: upTo('file', 'file'),
          env: upTo('env', 'env'),
          envExclude: [],
          port: 80,
        },
        fromCommands: upTo('command', 'command'),
        secrets: upTo('secret', 'secret'),
        marks: upTo('mark', 'mark'),
      }),
      {
        inherited: 'inherited',
        port: 'inherited',
        PORT: '80',
        file: 'file',
        command: 'command',
        env: 'env',
        secret: 'secret',
        mark: 'mark',
      },
    );
  });

  it('may set a PORT of its own', () => {
    const definition = { fileEnv: {}, env: { PORT: '90' }, envExclude: [], port: 80 };
    const parts = { hostEnv: {}, definition, fromCommands: {}, secrets: {}, marks: {} };
    assert.equal(programEnvironment(parts)['PORT'], '90');
  });

  it("has nothing of the editor's, and nothing that is excluded", () => {
    const hostEnv = {
      VSCODE_PID: '1',
      ELECTRON_RUN_AS_NODE: '1',
      AWS_KEY: 'a',
      MY_AWS_KEY: 'b',
      HOME: '/',
      DEV_ENV_SOCKET: 'of another run',
      DEV_ENV_HIDDEN: '{"OTHER":[[0,4]]}',
      DEV_ENV_SECRET_KEY: 'for who needs it',
    };
    const definition = {
      fileEnv: {},
      env: { AWS_REGION: 'x' },
      envExclude: ['AWS_*'],
      port: undefined,
    };
    assert.deepEqual(
      programEnvironment({ hostEnv, definition, fromCommands: {}, secrets: {}, marks: {} }),
      { MY_AWS_KEY: 'b', HOME: '/', AWS_REGION: 'x' },
    );
  });
});

describe('env_exclude', () => {
  const names = ['A', 'AB', 'XAB', 'A.B', 'a'];
  const env = Object.fromEntries(names.map((name) => [name, '']));
  const table: [pattern: string, left: string[]][] = [
    ['A', ['AB', 'XAB', 'A.B', 'a']],
    ['A*', ['XAB', 'a']],
    ['*A*', ['a']],
    ['*B', ['A', 'a']],
    ['A.B', ['A', 'AB', 'XAB', 'a']],
    ['*', []],
    ['', names],
  ];
  for (const [pattern, left] of table) {
    it(`"${pattern}" leaves ${left.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(Object.keys(withoutExcluded(env, [pattern], 'linux')), left);
    });
  }

  it('knows no case on Windows', () => {
    assert.deepEqual(Object.keys(withoutExcluded(env, ['a*'], 'win32')), ['XAB']);
  });
});
