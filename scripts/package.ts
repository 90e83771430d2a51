import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';

import { outFolder, repositoryRoot, vsixPath } from './host/paths.ts';
import { runTool } from './host/runTool.ts';

/** What the package may be at most. */
const maxVsixBytes = 1_000_000;
/** What the extension host may have to load at activation; V8 reads as much in some 20 ms. */
const maxActivationBytes = 650_000;
/** What only the development needs. */
const unwanted =
  /(?:^|\/)(?:src|test|bench|scripts|examples|docs|out|node_modules)\/|\.(?:ts|map)$|^esbuild|^tsconfig/;

export interface PackageFacts {
  readonly vsixBytes: number;
  /** The bundle that `main` names, and what it loads by itself. */
  readonly activationBytes: number;
  readonly files: readonly string[];
}

/**
 * Builds for production and packs `out/dev-env.vsix`. Rejects when the package holds what it should
 * not, or is over its budget.
 */
export async function packageExtension(): Promise<PackageFacts> {
  const esbuild = join(repositoryRoot, 'esbuild.js');
  await runTool(process.execPath, [esbuild, '--production'], { cwd: repositoryRoot });
  const vsce = join(repositoryRoot, 'node_modules', '@vscode', 'vsce', 'vsce');
  // Not by its function, which prints at will.
  const args = [vsce, 'package', '--no-dependencies', '--out', vsixPath];
  await runTool(process.execPath, args, { cwd: repositoryRoot });
  const files = await listFiles({
    cwd: repositoryRoot,
    packageManager: PackageManager.None,
  });
  const facts = {
    vsixBytes: (await stat(vsixPath)).size,
    activationBytes: await activationBytes(),
    files,
  };
  check(facts);
  return facts;
}

function check({ vsixBytes, activationBytes, files }: PackageFacts): void {
  const problems = files
    .filter((file) => unwanted.test(file))
    .map((file) => `${file} is in the package.`);
  if (vsixBytes >= maxVsixBytes) problems.push(`The package has ${vsixBytes} bytes.`);
  if (activationBytes >= maxActivationBytes) {
    problems.push(`Activation loads ${activationBytes} bytes of JavaScript.`);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly bytes: number;
        readonly entryPoint?: string;
        readonly imports: readonly { readonly path: string; readonly kind: string }[];
      }
    >
  >;
}

/** The size of the entry and of every other output it loads without being asked to. */
async function activationBytes(): Promise<number> {
  const text = await readFile(join(outFolder, 'meta.json'), 'utf8');
  const { outputs } = JSON.parse(text) as Metafile;
  const loaded = new Set<string>();
  const load = (path: string): void => {
    const output = outputs[path];
    if (output === undefined || loaded.has(path)) return;
    loaded.add(path);
    for (const { path: next, kind } of output.imports) if (kind !== 'dynamic-import') load(next);
  };
  load('dist/extension.cjs');
  if (loaded.size === 0) throw new Error('The build says nothing of dist/extension.cjs.');
  return [...loaded].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0);
}

if (import.meta.main) {
  const { vsixBytes, activationBytes: bytes, files } = await packageExtension();
  console.log(`${vsixPath}: ${vsixBytes} bytes, ${files.length} files`);
  console.log(`JavaScript loaded at activation: ${bytes} bytes`);
  for (const file of files) console.log(`  ${file}`);
}
