import assert from 'node:assert/strict';
import { LIMITS } from '../../../src/config/defaults.ts';
import { SLICE } from '../../../src/config/slices.ts';
import { closest } from '../../../src/config/suggest.ts';
import { describeAll, load } from './support.ts';

function numbered(count: number, text: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => text(at)).join('');
}

function richFile(count: number): string {
  return `processes:\n${numbered(
    count,
    (at) => `  - name: svc${at}
    description: The service number ${at}
    command: node server.js --port \${port}
    port: ${2000 + at}
    env: { LOG_LEVEL: debug, PEER: "http://127.0.0.1:\${port:svc${Math.max(0, at - 1)}}" }
    ready: { http: /health, timeout: 1s }
    health_check: { http: /health, interval: 10s, timeout: 2s, on_failure: restart }
    restart: { policy: on-failure, max_retries: 5, delay: 1s, backoff: 2, max_delay: 1m }
    stop: { signal: SIGTERM, timeout: 10s }
    depends_on: [${at === 0 ? '' : `svc${at - 1}`}]
`,
  )}`;
}

/** Milliseconds of CPU for each text, the least of several by turns: others have the machine too. */
async function cpuMs(texts: readonly string[]): Promise<number[]> {
  const least = texts.map(() => Infinity);
  for (let round = 0; round < 5; round++) {
    for (const [at, text] of texts.entries()) {
      const before = process.cpuUsage();
      await load(text);
      const { user, system } = process.cpuUsage(before);
      least[at] = Math.min(least[at] ?? 0, (user + system) / 1000);
    }
  }
  return least;
}

/** How often the event loop came round while the text was loaded. */
async function turnsWhileLoading(text: string): Promise<number> {
  let turns = 0;
  let isLoading = true;
  const turn = (): void => {
    turns += 1;
    if (isLoading) setImmediate(turn);
  };
  setImmediate(turn);
  const { diagnostics } = await load(text);
  isLoading = false;
  assert.deepEqual(describeAll(diagnostics), []);
  return turns;
}

describe('the cost of loading', () => {
  // Each close to what is refused, at its larger size.
  const kinds: [title: string, size: number, make: (size: number) => string][] = [
    ['rich processes', 600, richFile],
    ['one long command', 900_000, (size) => `processes: { a: { command: ${'w'.repeat(size)} } }`],
    ['garbage', 900_000, (size) => '\u0001{x:"'.repeat(size / 5)],
    ['bad escapes', 450_000, (size) => `a: "${'\\q'.repeat(size)}"`],
    ['closing brackets', 900_000, (size) => ']'.repeat(size)],
    ['merges', 4000, (size) => `b: &b {${numbered(size, (at) => `k${at}: 1,`)}}\nx: { <<: [${'*b,'.repeat(size)}] }`], // prettier-ignore
    ['variables', 4800, (size) => `env: { A: "${'${A:-x}'.repeat(size)}" }`],
    ['unset variables', 4800, (size) => `env: { A: "${'${A}'.repeat(size)}" }`],
    ['names that nobody has', 1000, (size) => `processes:\n${numbered(size, (at) => `  service-number-${at}: { command: x, depends_on: [sevrice-numebr-${at}] }\n`)}`], // prettier-ignore
    ['dependencies of the same', 4500, (size) => `processes: { b: { command: y }, a: { command: x, depends_on: [${'b,'.repeat(size)}] } }`], // prettier-ignore
    ['duplicate keys', 4500, (size) => `processes:\n${'  a: { command: x }\n'.repeat(size)}`],
    ['blank lines', 250_000, (size) => `processes: {}${'\n'.repeat(size)}`],
  ];
  for (const [title, size, make] of kinds) {
    it(`grows no faster than the file: ${title}`, async () => {
      const [quarter = 0, whole = 0] = await cpuMs([make(size / 4), make(size)]);
      // What takes next to nothing says nothing about growth. Squared, it would be 16 times as much.
      assert.ok(
        whole < 20 || whole <= 8 * quarter,
        `${quarter} ms, of four times that ${whole} ms`,
      );
    });
  }

  it('leaves turns to the event loop while a large file is read', async () => {
    const count = 500;
    const turns = await turnsWhileLoading(richFile(count));
    // Composing, checking and reading go by groups of processes, tokens by thousands.
    assert.ok(turns >= (3 * count) / SLICE.processes, String(turns));
  });

  it('spends a bounded number of steps on suggestions', () => {
    const names = Array.from({ length: 1000 }, (_, at) => `service-number-${at}`);
    const budget = { steps: LIMITS.suggestionSteps };
    let suggested = 0;
    for (const name of names) {
      if (closest(`${name}x`, names, budget) !== undefined) suggested += 1;
    }
    assert.ok(suggested > 0 && suggested < names.length, String(suggested));
    assert.equal(closest('a'.repeat(10_000), ['a'.repeat(10_001)]), undefined);
  });
});
