import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { resultsVariable } from '../test/support/resultsReporter.ts';
import { repositoryRoot } from './host/paths.ts';
import { readResults, runHostTests } from './host/runTests.ts';
import { runTool } from './host/runTool.ts';
import { packageExtension } from './package.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** Takes what a suite prints. */
export type Say = (text: string) => void;

export interface Suite {
  readonly name: string;
  /**
   * What is built comes first; then suites of two lanes run side by side, those of one lane one
   * after the other.
   */
  readonly lane: 'build' | 'core' | 'workbench';
  /** Does it need VS Code and a browser? */
  readonly needsHost: boolean;
  readonly run: (say: Say) => Promise<Counts>;
}

/** In the order they run: what fails soonest comes first. */
export const suites: readonly Suite[] = [
  { name: 'package', lane: 'build', needsHost: false, run: packaging },
  { name: 'check', lane: 'core', needsHost: false, run: checks },
  {
    name: 'unit',
    lane: 'core',
    needsHost: false,
    run: (say) => mocha(['--config', '.mocharc.json'], say),
  },
  { name: 'cli', lane: 'core', needsHost: false, run: commandLine },
  { name: 'bench', lane: 'core', needsHost: false, run: benchmarks },
  { name: 'host', lane: 'core', needsHost: true, run: host },
  // As long as all others together.
  { name: 'e2e', lane: 'workbench', needsHost: true, run: endToEnd },
];

export const suiteNames = suites.map(({ name }) => name);

/** Compiler, linter and formatter; each counts as one test. */
async function checks(say: Say): Promise<Counts> {
  const tools = [
    ['tsc', 'typescript/bin/tsc', '--noEmit'],
    ['tsc (page)', 'typescript/bin/tsc', '--noEmit', '-p', 'src/webview/page'],
    ['eslint', 'eslint/bin/eslint.js', '--max-warnings', '0', '.'],
    ['prettier', 'prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  ] as const;
  let passed = 0;
  for (const [name, script, ...args] of tools) {
    const path = join(repositoryRoot, 'node_modules', script);
    try {
      await runTool(process.execPath, [path, ...args], { cwd: repositoryRoot });
      say(`  ✔ ${name}`);
      passed += 1;
    } catch (error) {
      say(`  ✘ ${String(error)}`);
    }
  }
  return { passed, failed: tools.length - passed };
}

let packed: ReturnType<typeof packageExtension> | undefined;

/** Once for all suites that need it. */
function packageOnce(): ReturnType<typeof packageExtension> {
  packed ??= packageExtension();
  return packed;
}

async function packaging(say: Say): Promise<Counts> {
  const { vsixBytes, activationBytes, files } = await packageOnce();
  say(`  ✔ ${vsixBytes} bytes in ${files.length} files, ${activationBytes} bytes at activation`);
  return { passed: 1, failed: 0 };
}

async function host(say: Say): Promise<Counts> {
  // The extension itself is there, as it is packaged.
  await packageOnce();
  const esbuild = join(repositoryRoot, 'esbuild.js');
  await runTool(process.execPath, [esbuild, '--only-tests'], { cwd: repositoryRoot });
  return counted(await runHostTests(say), say);
}

/** The command as it is packaged, run as a program. */
async function commandLine(say: Say): Promise<Counts> {
  await packageOnce();
  return mocha(['--config', 'test/cli/mocharc.json'], say);
}

/** The harness of the benchmarks in its small form, which looks at counts and at no times. */
async function benchmarks(say: Say): Promise<Counts> {
  await packageOnce();
  const script = join(repositoryRoot, 'bench', 'run.ts');
  const shown = await runTool(process.execPath, [script, '--quick'], { cwd: repositoryRoot }).catch(
    String,
  );
  say(shown.trimEnd());
  const count = (mark: string): number => shown.split(mark).length - 1;
  return { passed: count('✔'), failed: count('✘') + (count('✔') === 0 ? 1 : 0) };
}

async function endToEnd(say: Say): Promise<Counts> {
  await packageOnce();
  return mocha(['--config', 'test/e2e/mocharc.json'], say);
}

/** A process whose tests are over ends by itself, unless a test or what it tests has a leak. */
const endsWithinMs = 60_000;

/** Runs mocha in a process of its own and says what it prints. */
async function mocha(args: readonly string[], say: Say): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'dev-env-suite-'));
  const results = join(folder, 'results.json');
  const script = join(repositoryRoot, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const reporter = join(repositoryRoot, 'test', 'support', 'resultsReporter.ts');
  const child = spawn(process.execPath, [script, ...args, '--reporter', reporter], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, [resultsVariable]: results },
  });
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', say);
  const stuck = setInterval(() => {
    if (!existsSync(results)) return;
    clearInterval(stuck);
    setTimeout(() => {
      if (child.exitCode !== null) return;
      say('  ✘ The tests are over, and their process does not end: something in it is still open.');
      child.kill('SIGKILL');
    }, endsWithinMs).unref();
  }, 1000);
  await once(child, 'close');
  clearInterval(stuck);
  const counts = counted(await readResults(results), say);
  await rm(folder, { recursive: true, force: true });
  // A suite that fails without a failed test, by an error while loading for example.
  return child.exitCode === 0 ? counts : { ...counts, failed: Math.max(1, counts.failed) };
}

/** A suite that did not come to its end has failed; what was skipped has not been shown to work. */
function counted(results: Awaited<ReturnType<typeof readResults>>, say: Say): Counts {
  if (results === undefined) return { passed: 0, failed: 1 };
  if (results.skipped > 0) say(`  (${results.skipped} skipped)`);
  return { passed: results.passed, failed: results.failed };
}
