import { glob, mkdir, rm, writeFile } from 'node:fs/promises';
import * as esbuild from 'esbuild';

/**
 * `--production`: as it is packaged; `--tests`: with the tests that run inside the extension host,
 * `--only-tests`: those alone.
 */
const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const tests = process.argv.includes('--tests');
const onlyTests = process.argv.includes('--only-tests');

/** What every bundle has in common: CommonJS; the extension host runs Node 22, the command line Node 20. */
const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'info',
  legalComments: 'none',
  minify: production,
  sourcemap: production ? false : 'linked',
  metafile: true,
};

/**
 * Packages that are imported by `await import` and are not worth loading before. esbuild splits only
 * ES modules, so each of them becomes a file beside the bundle.
 */
const onDemand = [
  'pid-port',
  '@grpc/grpc-js',
  'chokidar',
  'croner',
  'ignore',
  'picomatch',
  'pidusage',
];
const splitOnDemand = {
  name: 'on-demand',
  setup(build) {
    build.onResolve({ filter: /^[^.]/ }, ({ path, kind }) =>
      kind === 'dynamic-import' && onDemand.includes(path)
        ? { path: `./${path}.cjs`, external: true }
        : undefined,
    );
  },
};

const extension = {
  ...shared,
  entryPoints: {
    extension: 'src/vscode/extension.ts',
    reaper: 'src/reaper/reaper.ts',
    cli: 'src/cli/main.ts',
    cliProgram: 'src/cli/runCli.ts',
    ...Object.fromEntries(onDemand.map((name) => [name, name])),
  },
  plugins: [splitOnDemand],
  // Every file is CommonJS, which needs no loader of modules; see also src/cli/loadScript.ts.
  supported: { 'dynamic-import': false },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  external: ['vscode'],
};

/** What runs in the page of the dashboard; loaded when it is opened. */
const pages = {
  ...shared,
  platform: 'browser',
  target: 'es2022',
  format: 'iife',
  entryPoints: { dashboard: 'src/webview/page/main.ts' },
  outdir: 'dist/webview',
};

const hostTests = {
  ...shared,
  entryPoints: ['test/host/index.ts', ...(await Array.fromAsync(glob('test/host/**/*.test.ts')))],
  outbase: 'test/host',
  outdir: 'out/test/host',
  outExtension: { '.js': '.cjs' },
  // Mocha loads the test files itself and shares its globals with them.
  external: ['vscode', 'mocha'],
};

const bundles = onlyTests
  ? [hostTests]
  : tests
    ? [extension, pages, hostTests]
    : [extension, pages];

if (watch) {
  const contexts = await Promise.all(bundles.map((bundle) => esbuild.context(bundle)));
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  for (const { outdir } of bundles) await rm(outdir, { recursive: true, force: true });
  const [{ metafile }] = await Promise.all(bundles.map((bundle) => esbuild.build(bundle)));
  if (!onlyTests) {
    await mkdir('out', { recursive: true });
    await writeFile('out/meta.json', JSON.stringify(metafile));
  }
}
