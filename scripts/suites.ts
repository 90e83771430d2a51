import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { resultsVariable } from '../test/support/resultsReporter.ts';
import { repositoryRoot } from './host/paths.ts';
import { readResults, runHostTests } from './host/runTests.ts';
import { runTool } from './host/runTool.ts';
import { packageExtension } from './package.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export interface Suite {
  readonly name: string;
  /** Does it need VS Code and a browser? */
  readonly needsHost: boolean;
  readonly run: (say: (line: string) => void) => Promise<Counts>;
}

/** In the order they run: what fails soonest comes first. */
export const suites: readonly Suite[] = [
  { name: 'check', needsHost: false, run: checks },
  { name: 'unit', needsHost: false, run: () => mocha(['--config', '.mocharc.json']) },
  { name: 'package', needsHost: false, run: packaging },
  { name: 'host', needsHost: true, run: host },
  { name: 'e2e', needsHost: true, run: endToEnd },
];

export const suiteNames = suites.map(({ name }) => name);

/** Compiler, linter and formatter; each counts as one test. */
async function checks(say: (line: string) => void): Promise<Counts> {
  const tools = [
    ['tsc', 'typescript/bin/tsc', '--noEmit'],
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

async function packaging(say: (line: string) => void): Promise<Counts> {
  const { vsixBytes, activationBytes, files } = await packageOnce();
  say(`  ✔ ${vsixBytes} bytes in ${files.length} files, ${activationBytes} bytes at activation`);
  return { passed: 1, failed: 0 };
}

async function host(say: (line: string) => void): Promise<Counts> {
  const esbuild = join(repositoryRoot, 'esbuild.js');
  await runTool(process.execPath, [esbuild, '--tests'], { cwd: repositoryRoot });
  return counted(await runHostTests(say));
}

async function endToEnd(): Promise<Counts> {
  await packageOnce();
  return mocha(['--config', 'test/e2e/mocharc.json']);
}

/** Runs mocha in a process of its own and prints what it prints. */
async function mocha(args: readonly string[]): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'dev-env-suite-'));
  const results = join(folder, 'results.json');
  const script = join(repositoryRoot, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const reporter = join(repositoryRoot, 'test', 'support', 'resultsReporter.ts');
  const child = spawn(process.execPath, [script, ...args, '--reporter', reporter], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, [resultsVariable]: results },
  });
  await once(child, 'close');
  const counts = counted(await readResults(results));
  await rm(folder, { recursive: true, force: true });
  // A suite that fails without a failed test, by an error while loading for example.
  return child.exitCode === 0 ? counts : { ...counts, failed: Math.max(1, counts.failed) };
}

/** A suite that did not come to its end has failed; what was skipped has not been shown to work. */
function counted(results: Awaited<ReturnType<typeof readResults>>): Counts {
  if (results === undefined) return { passed: 0, failed: 1 };
  if (results.skipped > 0) console.log(`  (${results.skipped} skipped)`);
  return { passed: results.passed, failed: results.failed };
}
