import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULTS } from '../../../../src/config/defaults.ts';
import type { RestartPolicy } from '../../../../src/config/model.ts';
import { afterFailure, nextDelay } from '../../../../src/controller/restartPolicy.ts';
import { initialStatus, type ProcessStatus } from '../../../../src/controller/state.ts';

const text = readFileSync(join(import.meta.dirname, '../../../../docs/supervision.md'), 'utf8');
const { breaker } = DEFAULTS;
const policy: RestartPolicy = {
  policy: DEFAULTS.restartOfService,
  maxRetries: DEFAULTS.maxRetries,
  delayMs: ms(DEFAULTS.restartDelay),
  backoff: DEFAULTS.backoff,
  maxDelayMs: ms(DEFAULTS.maxDelay),
  windowMs: ms(DEFAULTS.window),
  jitter: DEFAULTS.jitter,
  breaker: {
    failures: breaker.failures,
    windowMs: ms(breaker.window),
    coolDownMs: ms(breaker.coolDown),
  },
};

/** A duration as it is written in the file or in the document. */
function ms(written: string): number {
  const [, number = '', unit = ''] = /^([\d.]+) ?(ms|s|m)$/.exec(written) ?? [];
  return Math.round(Number(number) * ({ ms: 1, s: 1_000, m: 60_000 }[unit] ?? Number.NaN));
}

/** The rows of the table below this row of names. */
function table(head: string): readonly (readonly string[])[] {
  const lines = text.split('\n');
  const from = lines.indexOf(head) + 2;
  assert.ok(from > 2, `there is no table ${head}`);
  const rows = lines.slice(from, lines.indexOf('', from));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('docs/supervision.md', () => {
  for (const [restart = '', wait = '', least = '', most = ''] of table(
    '| Restart in a row | Wait | At least | At most |',
  )) {
    it(`tells how long restart ${restart} waits`, () => {
      const restarts = Number(restart) - 1;
      assert.equal(nextDelay(policy, restarts, 0.5), ms(wait));
      assert.equal(nextDelay(policy, restarts, 0), ms(least));
      assert.equal(nextDelay(policy, restarts, 1), ms(most));
    });
  }

  it('tells what follows each failure of a process that is well only once', () => {
    const rows = table('| Run | Fails after | What follows |');
    assert.ok(rows.length >= 8);
    let nowMs = 0;
    let status: ProcessStatus = initialStatus;
    for (const [run = '', lasted = '', follows = ''] of rows) {
      status = { ...status, startedAtMs: nowMs };
      nowMs += ms(lasted);
      const exit = { code: 1, signal: undefined, atMs: nowMs };
      const { then, more } = afterFailure({ restart: policy, nowMs, random: 0.5 }, status, {
        code: 'exited',
        cause: { kind: 'exited', exit, wasReady: true },
        exit,
      });
      status = { ...status, ...more };
      const [, loop, pause] = /^(crash loop, )?starts again after (.+)$/.exec(follows) ?? [];
      const waitMs = then.kind === 'backoff' ? then.delayMs : retryInMs(then);
      assert.equal(waitMs, pause === undefined ? undefined : ms(pause), `run ${run}`);
      const code = then.kind === 'failed' ? then.failure.code : undefined;
      assert.equal(code === 'crash-loop', loop !== undefined, `run ${run}`);
      nowMs += waitMs ?? 0;
    }
  });
});

function retryInMs(then: ReturnType<typeof afterFailure>['then']): number | undefined {
  return then.kind === 'failed' ? then.retryInMs : undefined;
}
