import { mkdir, rm, writeFile } from 'node:fs/promises';
import * as esbuild from 'esbuild';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

/** What every bundle has in common: CommonJS for the extension host, which runs Node 22. */
const shared = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  logLevel: 'info',
  legalComments: 'none',
  minify: production,
  sourcemap: production ? false : 'linked',
  metafile: true,
};

const extension = {
  ...shared,
  entryPoints: { extension: 'src/vscode/extension.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  external: ['vscode'],
};

if (watch) {
  const context = await esbuild.context(extension);
  await context.watch();
} else {
  await rm('dist', { recursive: true, force: true });
  const result = await esbuild.build(extension);
  await mkdir('out', { recursive: true });
  await writeFile('out/meta.json', JSON.stringify(result.metafile));
}
