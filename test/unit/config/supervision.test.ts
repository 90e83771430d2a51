import assert from 'node:assert/strict';
import { join } from 'node:path';
import { api, apiOf, type Case, folder, itSays, modelOf, yaml } from './support.ts';

describe('external processes', () => {
  const found: [title: string, fields: string[], expected: unknown][] = [
    ['by their port', ['port: 5432'], { kind: 'port', port: 5432 }],
    ['by another port', ['find: { port: 99 }'], { kind: 'port', port: 99 }],
    ['by a PID file', ['find: { pid_file: run/x.pid }'], { kind: 'pid-file', path: join(folder, 'run/x.pid') }],
    ['by their command line', ['port: 5', 'find: { command: ^postgres }'], { kind: 'command', pattern: '^postgres' }],
  ]; // prettier-ignore
  for (const [title, fields, expected] of found) {
    it(`are found ${title}`, async () => {
      const { kind, command, external } = await apiOf('type: external', ...fields);
      assert.deepEqual([kind, command, external], ['external', '', expected]);
    });
  }
  it('are probed, and others depend on them', async () => {
    const model = await modelOf(yaml`
      processes:
        db: { type: external, port: 80, health_check: { http: /health } }
        api: { command: x, depends_on: [db] }
    `);
    const [db, dependent] = model.processes;
    assert.equal(db?.ready.kind, 'tcp');
    assert.equal(db.healthCheck?.onFailure, 'report');
    assert.deepEqual(dependent?.dependsOn, [{ name: 'db', condition: 'ready' }]);
  });
  const cases: readonly Case[] = [
    [
      'nothing to find it by',
      'processes:\n  «api»: { type: external }\n',
      'error missing-key: An external process needs a "port" or "find" to be found by.',
    ],
    [
      'nothing to find it by in a list',
      'processes:\n  - type: external\n    name: «api»\n',
      'error missing-key: An external process needs a "port" or "find" to be found by.',
    ],
    [
      'what is started and stopped',
      api('type: external', 'port: 5', '«command»: x', '«stop»: { timeout: 1s }'),
      'error not-for-external: An external process is not started or stopped here, so it has no "command".',
      'error not-for-external: An external process is not started or stopped here, so it has no "stop".',
    ],
    [
      'a port of our choice',
      api('type: external', 'port: ««auto»»'),
      'error port-unassigned: No port can be assigned here; write a number.',
      "error not-for-external: The port of an external process can't be chosen here; write a number.",
    ],
    [
      'two ways to find it',
      api('type: external', 'find: { port: 5, «command»: x }'),
      'error conflicting-keys: "find" has "port" already; it can have only one way.',
    ],
    [
      'no way to find it',
      api('type: external', '«find»: {}'),
      'error missing-key: "find" needs one of port, pid_file, command.',
    ],
    [
      'a port to find it by',
      api('type: external', 'find: { port: «0» }'),
      'error wrong-type: "port" must be a port from 1 to 65535, or "host:port".',
    ],
    [
      'a pattern to find it by',
      api('type: external', 'find: { command: «"("» }'),
      'error invalid-regex: Not a regular expression: Invalid regular expression: /(/: Unterminated group.',
    ],
    [
      'find for a service',
      api('command: x', '«find»: { port: 5 }'),
      'error not-for-service: "find" is for processes of "type: external", which are not started here.',
    ],
    [
      'a type that is misspelt hides what depends on it',
      api('type: «externl»', 'find: { port: 5 }'),
      'error wrong-type: "type" must be one of service, task, external. Did you mean "external"? [external]',
    ],
    [
      'a restart for its health',
      api('type: external', 'port: 5', 'health_check: { tcp: 5, on_failure: «restart» }'),
      'error not-for-external: An external process is not restarted or stopped; use "report". [report]',
    ],
    [
      'its output',
      api('type: external', 'port: 5', 'ready: { «log»: x }'),
      'error not-for-external: A "log" probe needs a process that is started here; ask an external by http, tcp, grpc or command.',
    ],
    [
      'its heartbeat, for readiness',
      api('type: external', 'port: 5', 'ready: { «heartbeat»: true }'),
      'error not-for-external: A "heartbeat" probe needs a process that is started here; ask an external by http, tcp, grpc or command.',
    ],
    [
      'its heartbeat, for health',
      api('type: external', 'port: 5', 'health_check: { «heartbeat»: true }'),
      'error not-for-external: A "heartbeat" probe needs a process that is started here; ask an external by http, tcp, grpc or command.',
    ],
    [
      'its completion',
      'processes:\n  db: { type: external, port: 5 }\n  api: { command: x, depends_on: { db: «completed» } }\n',
      'error condition-mismatch: "db" is an external process and never completes. Did you mean "ready"? [ready]',
    ],
  ];
  describe('what is wrong with them', () => itSays(cases));
});

describe('health checks', () => {
  it('have defaults', async () => {
    const { healthCheck } = await apiOf('command: x', 'port: 80', 'health_check: { tcp: 80 }');
    assert.deepEqual(healthCheck, {
      probe: { kind: 'tcp', host: 'localhost', port: 80, timeoutMs: 5000 },
      intervalMs: 10_000,
      failureThreshold: 3,
      successThreshold: 1,
      onFailure: 'restart',
    });
  });
  it('say everything themselves', async () => {
    const { healthCheck } = await apiOf(
      'command: x',
      'health_check: { heartbeat: true, interval: 30s, failure_threshold: 5, success_threshold: 2, on_failure: stop }',
    );
    assert.deepEqual(healthCheck, {
      probe: { kind: 'heartbeat' },
      intervalMs: 30_000,
      failureThreshold: 5,
      successThreshold: 2,
      onFailure: 'stop',
    });
  });
  const cases: readonly Case[] = [
    [
      'no probe',
      api('command: x', '«health_check»: { interval: 5s }'),
      'error missing-key: "health_check" needs one of http, tcp, grpc, command, log, heartbeat.',
    ],
    [
      'two probes',
      api('command: x', 'health_check: { tcp: 5, «heartbeat»: true }'),
      'error conflicting-keys: "health_check" has "tcp" already; it can have only one probe.',
    ],
    [
      'thresholds',
      api('command: x', 'health_check: { tcp: 5, failure_threshold: «0» }'),
      'error wrong-type: "failure_threshold" must be a whole number from 1 to 1000.',
    ],
    [
      'an interval of nothing',
      api('command: x', 'health_check: { tcp: 5, interval: «0s» }'),
      'error wrong-type: This duration must be longer than 0.',
    ],
    [
      'what to do',
      api('command: x', 'health_check: { tcp: 5, on_failure: «restrt» }'),
      'error wrong-type: "on_failure" must be one of restart, stop, report. Did you mean "restart"? [restart]',
    ],
    [
      'a timeout of a heartbeat',
      api('command: x', 'health_check: { heartbeat: true, «timeout»: 1s }'),
      'error conflicting-keys: A "heartbeat" probe has no "timeout"; "interval" bounds it.',
    ],
    [
      'the health of a task',
      api('command: x', 'type: task', '«health_check»: { tcp: 5 }'),
      'error not-for-task: A task completes; "health_check" is for services.',
    ],
    [
      'health for all',
      'defaults: { «health_check»: { tcp: 5 } }\nprocesses: []\n',
      'error unknown-key: "health_check" can\'t have a default; set it in each process.',
    ],
  ];
  describe('what is wrong with them', () => itSays(cases));
});

describe('probes', () => {
  const http = {
    kind: 'http',
    socketPath: undefined,
    method: 'GET',
    status: undefined,
    headers: {},
    matchHeaders: {},
    matchBody: undefined,
    timeoutMs: 5000,
  };
  const cases: [written: string, expected: unknown][] = [
    ['http: /x, method: HEAD', { ...http, url: 'http://localhost:8080/x', method: 'HEAD' }],
    [
      'http: /x, socket: run/x.sock',
      { ...http, url: 'http://localhost/x', socketPath: join(folder, 'run/x.sock') },
    ],
    ['grpc: 50051', { kind: 'grpc', target: 'localhost:50051', service: '', timeoutMs: 5000 }],
    ['grpc: "${port}"', { kind: 'grpc', target: 'localhost:8080', service: '', timeoutMs: 5000 }],
    ['grpc: "x:99"', { kind: 'grpc', target: 'x:99', service: '', timeoutMs: 5000 }],
    ['grpc: "[::1]:99"', { kind: 'grpc', target: '[::1]:99', service: '', timeoutMs: 5000 }],
    ['grpc: "unix:x"', { kind: 'grpc', target: `unix:${join(folder, 'x')}`, service: '', timeoutMs: 5000 }],
    ['grpc: {}', { kind: 'grpc', target: 'localhost:8080', service: '', timeoutMs: 5000 }],
    ['grpc: { target: 5, service: a.B }, timeout: 1s', { kind: 'grpc', target: 'localhost:5', service: 'a.B', timeoutMs: 1000 }],
    ['heartbeat: true', { kind: 'heartbeat' }],
  ]; // prettier-ignore
  for (const [written, expected] of cases) {
    it(`{ ${written} }`, async () => {
      const { ready } = await apiOf('command: x', 'port: 8080', `ready: { ${written} }`);
      assert.deepEqual(ready, expected);
    });
  }
  describe('what is wrong with them', () =>
    itSays([
      [
        'a method in small letters',
        api('command: x', 'port: 5', 'ready: { http: /x, method: «get» }'),
        'error wrong-type: "method" must be an HTTP method in capitals, such as GET or HEAD.',
      ],
      [
        'a socket without http',
        api('command: x', 'ready: { tcp: 5, «socket»: x }'),
        'error conflicting-keys: "socket" goes with "http" only.',
      ],
      [
        'a gRPC target',
        api('command: x', 'ready: { grpc: { target: «"http://x"» } }'),
        'error wrong-type: "target" must be a port, "host:port", "unix:/path", or a map with "target" and "service".',
      ],
      [
        'a gRPC server without a port',
        api('command: x', 'ready: { «grpc»: { service: x } }'),
        'error missing-key: "grpc" needs a "target", or the process a "port".',
      ],
      [
        'a port out of range',
        api('command: x', 'ready: { grpc: «70000» }'),
        'error wrong-type: "grpc" must be a port, "host:port", "unix:/path", or a map with "target" and "service".',
      ],
      [
        'no heartbeat',
        api('command: x', 'ready: { heartbeat: «false» }'),
        'error wrong-type: "heartbeat" must be true, or left out.',
      ],
    ]));
});

describe('restarts', () => {
  const standard = { failures: 5, windowMs: 60_000, coolDownMs: 300_000 };
  const breakers: [title: string, shared: string, own: string, expected: unknown][] = [
    ['by default', '{}', '{}', standard],
    ['off', '{}', '{ breaker: false }', undefined],
    ['off for all', '{ breaker: false }', '{}', undefined],
    [
      'on again',
      '{ breaker: false }',
      '{ breaker: { failures: 2 } }',
      { ...standard, failures: 2 },
    ],
    [
      'key by key',
      '{ breaker: { window: 10s, failures: 9 } }',
      '{ breaker: { failures: 2, cool_down: 1m } }',
      { failures: 2, windowMs: 10_000, coolDownMs: 60_000 },
    ],
  ];
  for (const [title, shared, own, expected] of breakers) {
    it(`have a breaker ${title}`, async () => {
      const text = `defaults: { restart: ${shared} }\n${api('command: x', `restart: ${own}`)}`;
      assert.deepEqual((await modelOf(text)).processes[0]?.restart.breaker, expected);
    });
  }
  it('have jitter', async () => {
    assert.equal((await apiOf('command: x', 'restart: { jitter: 0 }')).restart.jitter, 0);
    assert.equal((await apiOf('command: x', 'restart: always')).restart.jitter, 0.1);
  });
  it('follow those of a dependency', async () => {
    const model = await modelOf(yaml`
      processes:
        api: { command: x, depends_on: { db: { restart: true }, job: { condition: started, restart: false } } }
        db: { command: x }
        job: { command: x }
    `);
    assert.deepEqual(model.processes[0]?.dependsOn, [
      { name: 'db', condition: 'ready', restart: true },
      { name: 'job', condition: 'started' },
    ]);
  });
  describe('what is wrong with them', () =>
    itSays([
      [
        'jitter',
        api('command: x', 'restart: { jitter: «10» }'),
        'error wrong-type: "jitter" must be a number from 0 to 1.',
      ],
      [
        'a breaker that is on',
        api('command: x', 'restart: { breaker: «true» }'),
        'error wrong-type: "breaker" must be a map with "failures", "window" and "cool_down", or false.',
      ],
      [
        'failures of a breaker',
        api('command: x', 'restart: { breaker: { failures: «0» } }'),
        'error wrong-type: "failures" must be a whole number from 1 to 1000.',
      ],
      [
        'a key of a breaker',
        api('command: x', 'restart: { breaker: { «cooldown»: 5m } }'),
        'error unknown-key: There is no field "cooldown" here. Did you mean "cool_down"? [cool_down]',
      ],
      [
        'a key of a dependency',
        'processes:\n  db: { command: x }\n  api: { command: x, depends_on: { db: { «restrt»: true } } }\n',
        'error unknown-key: There is no field "restrt" here. Did you mean "restart"? [restart]',
      ],
    ]));
});

describe('ends of runs', () => {
  it('are bounded and judged', async () => {
    const job = await apiOf(
      'command: x',
      'type: task',
      'timeout: 10m',
      'success_exit_codes: [0, 2]',
    );
    assert.deepEqual([job.timeoutMs, job.successExitCodes], [600_000, [0, 2]]);
    const service = await apiOf('command: x');
    assert.deepEqual([service.timeoutMs, service.successExitCodes], [undefined, [0]]);
  });
  describe('what is wrong with them', () =>
    itSays([
      [
        'the timeout of a service',
        api('command: x', '«timeout»: 5s'),
        'error not-for-service: A service stays up; "timeout" is for tasks. For readiness there is "startup_timeout".',
      ],
      [
        'an exit code',
        api('command: x', 'success_exit_codes: [0, «256»]'),
        'error wrong-type: "success_exit_codes" must be an exit code from 0 to 255.',
      ],
      [
        'one exit code',
        api('command: x', 'success_exit_codes: «2»'),
        'error wrong-type: "success_exit_codes" must be a list of exit codes, such as [0, 2].',
      ],
    ]));
});
