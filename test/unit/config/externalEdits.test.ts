import assert from 'node:assert/strict';
import { externalEdits } from '../../../src/config/externalEdits.ts';
import { describeAll, load, yaml } from './support.ts';

/** The text after the edits for `web`; undefined if there are none. */
function edited(text: string): string | undefined {
  const edits = externalEdits(text, 'web');
  return edits
    ?.toReversed()
    .reduce(
      (before, { start, end, text: put }) => before.slice(0, start) + put + before.slice(end),
      text,
    );
}

describe('externalEdits', () => {
  const cases: [title: string, before: string, after: string][] = [
    [
      'an entry of a list',
      yaml`
        processes:
          # The front
          - name: web # here
            command: npm start # goes
            # where it listens
            port: 3000
            stop:
              signal: SIGINT
              timeout: 5s
            # what to open
            url: http://localhost:3000
            restart: always
          - name: api
            command: x
      `,
      yaml`
        processes:
          # The front
          - name: web # here
            # where it listens
            type: external
            port: 3000
            # what to open
            url: http://localhost:3000
          - name: api
            command: x
      `,
    ],
    [
      'one that begins with what goes',
      'processes:\n  - command: |\n      a\n      b\n    limits: { memory: 5MB }\n    name: web\n    port: 5\n',
      'processes:\n  - name: web\n    type: external\n    port: 5\n',
    ],
    [
      'an entry of a map, with a type and a list of lines',
      'processes:\n  web:\n    port: 5\n    type: service\n    command:\n      - a\n      - b\n\n  api: { command: x }\n',
      'processes:\n  web:\n    port: 5\n    type: external\n\n  api: { command: x }\n',
    ],
    [
      'one on one line',
      'processes:\n  web: { command: x, port: 5, tty: true, stop: { timeout: 5s } }\n',
      'processes:\n  web: { type: external, port: 5 }\n',
    ],
    [
      'probes that need what is started here',
      'processes:\n  web:\n    command: x\n    port: 5\n    ready: { log: up }\n    health_check: { tcp: 5, on_failure: restart }\n',
      'processes:\n  web:\n    type: external\n    port: 5\n    health_check: { tcp: 5, on_failure: report }\n',
    ],
  ];
  for (const [title, before, after] of cases) {
    it(`changes ${title}`, async () => {
      assert.equal(edited(before), after);
      assert.deepEqual(describeAll((await load(after)).diagnostics), []);
    });
  }

  const none: [title: string, text: string][] = [
    ['is not there', 'processes: { api: { command: x, port: 5 } }'],
    ['has no port', 'processes: { web: { command: x } }'],
    ['has a port of our choice', 'processes: { web: { command: x, port: auto } }'],
    ['is a task', 'processes: { web: { type: task, command: x, port: 5 } }'],
    ['is external', 'processes: { web: { type: external, port: 5 } }'],
    ['shares fields', 'processes: { api: &a { command: x }, web: { <<: *a, port: 5 } }'],
    ['is shared', 'processes: { web: &a { command: x, port: 5 }, api: { <<: *a, port: 6 } }'],
    ['is in a file with faults', 'processes: { web: { command: x, port: 5 }'],
  ];
  for (const [title, text] of none) {
    it(`leaves a process alone that ${title}`, () => {
      assert.equal(externalEdits(text, 'web'), undefined);
    });
  }
});
