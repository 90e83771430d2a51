import { join, resolve } from 'node:path';

/** The repository. */
export const repositoryRoot = resolve(import.meta.dirname, '..', '..');

/** Where what is fetched on first use is kept: VS Code, a browser. Git-ignored. */
export const hostCache = join(repositoryRoot, '.vscode-test');

/** What builds produce besides `dist`: the package, the test bundles. Git-ignored. */
export const outFolder = join(repositoryRoot, 'out');

/** Pictures and logs that runs leave for people. Git-ignored. */
export const artifactsFolder = join(repositoryRoot, 'artifacts');

/** The packaged extension. */
export const vsixPath = join(outFolder, 'dev-env.vsix');
