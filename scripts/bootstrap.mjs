// Runs a script of this project on the Node that the project pins, on any machine with Node 20 and
// npm: installs the dependencies first when they are missing or older than the lock file.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const stamp = join(root, 'node_modules', '.dev-env-lock-hash');
const node = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

const lockHash = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const isInstalled =
  existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash;

if (!isInstalled) {
  console.log('Installing dependencies (npm ci)…');
  const install = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (install.status !== 0) process.exit(install.status ?? 1);
  writeFileSync(stamp, lockHash);
}

// A signal is passed on, and the script decides when it is done; this waits for it. (Ctrl+C reaches the
// script by itself too, in the same process group: scripts take a repeated signal for the same one.)
const run = spawn(node, process.argv.slice(2), { cwd: root, stdio: 'inherit' });
process.on('SIGINT', () => run.kill('SIGINT'));
process.on('SIGTERM', () => run.kill('SIGTERM'));
process.on('SIGHUP', () => run.kill('SIGHUP'));
run.on('close', (code) => process.exit(code ?? 1));
