import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '../scripts/host/paths.ts';
import { runTool } from '../scripts/host/runTool.ts';
import { concurrently } from './managers/concurrently.ts';
import { foreman } from './managers/foreman.ts';
import type { Manager } from './managers/manager.ts';
import { mprocs } from './managers/mprocs.ts';
import { pm2 } from './managers/pm2.ts';
import { processCompose } from './managers/processCompose.ts';
import { supervisor } from './managers/supervisor.ts';

const versions = {
  pm2: '7.0.4',
  concurrently: '10.0.7',
  mprocs: '0.9.6',
  processCompose: 'v1.85.0',
  supervisor: '4.3.0',
} as const;

/** Git-ignored; to have everything anew, remove it. */
const folder = join(repositoryRoot, '.bench');

export interface Rivals {
  readonly managers: readonly Manager[];
  /** Why a rival is not there, by name. */
  readonly missing: Readonly<Record<string, string>>;
}

/** Installs what is not there yet. What the machine cannot have is left out, with the reason. */
export async function installRivals(say: (line: string) => void): Promise<Rivals> {
  await mkdir(folder, { recursive: true });
  const missing: Record<string, string> = {};
  const add = async (name: string, install: () => Promise<Manager[]>): Promise<Manager[]> => {
    say(`  ${name}…`);
    try {
      return await install();
    } catch (error) {
      const [reason = ''] = String(error instanceof Error ? error.message : error).split('\n');
      missing[name] = reason.replaceAll(repositoryRoot, '.');
      return [];
    }
  };
  const managers = await Promise.all([
    add('pm2, concurrently, mprocs', fromNpm),
    add('process-compose', fromGo),
    add('supervisor', fromPip),
    add('foreman', installedForeman),
  ]);
  return { managers: managers.flat(), missing };
}

async function fromNpm(): Promise<Manager[]> {
  const bin = join(folder, 'node_modules', '.bin');
  const wanted = (['pm2', 'concurrently', 'mprocs'] as const).map(
    (name) => `${name}@${versions[name]}`,
  );
  await once(`npm ${wanted.join(' ')}`, async () => {
    await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
    const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', '--save-exact'];
    await runTool('npm', [...args, ...wanted], { cwd: folder });
  });
  const npm = [pm2(bin, versions.pm2), concurrently(bin, versions.concurrently)];
  const hasScript = existsSync('/usr/bin/script');
  return hasScript ? [...npm, mprocs(bin, versions.mprocs)] : npm;
}

async function fromGo(): Promise<Manager[]> {
  const version = versions.processCompose;
  const binary = join(folder, `process-compose-${version}`);
  await once(`process-compose ${version}`, async () => {
    // Not by `go install`, which asks for the list of versions as well; not every proxy has it.
    const module = 'github.com/f1bonacc1/process-compose';
    const cwd = join(folder, 'go');
    await mkdir(cwd, { recursive: true });
    await writeFile(
      join(cwd, 'go.mod'),
      `module bench\n\ngo 1.24\n\nrequire ${module} ${version}\n`,
    );
    await runTool('go', ['build', '-mod=mod', '-o', binary, module], { cwd });
  });
  return [processCompose(binary, version)];
}

async function fromPip(): Promise<Manager[]> {
  const bin = join(folder, 'python', 'bin');
  await once(`supervisor ${versions.supervisor}`, async () => {
    await runTool('python3', ['-m', 'venv', join(folder, 'python')]);
    const wanted = `supervisor==${versions.supervisor}`;
    await runTool(join(bin, 'pip'), ['install', '--quiet', wanted, 'setuptools<81']);
  });
  return [supervisor(bin, versions.supervisor)];
}

/** Ruby is not installed for this; who has the gem gets it measured. */
async function installedForeman(): Promise<Manager[]> {
  const version = await runTool('foreman', ['--version']);
  return [foreman('foreman', version.trim())];
}

/** Does it unless it was done before, in whatever run. */
async function once(what: string, install: () => Promise<void>): Promise<void> {
  const stamp = join(folder, `${what.replaceAll(/[^\w.@-]+/g, '_')}.done`);
  if (existsSync(stamp)) return;
  await install();
  await writeFile(stamp, '');
}
