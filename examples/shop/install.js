// Installs the packages when package-lock.json is not the one they were installed from.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

const stamp = 'node_modules/.installed-from';
const wanted = createHash('sha256')
  .update(await readFile('package-lock.json'))
  .digest('hex');
const installed = await readFile(stamp, 'utf8').catch(() => '');

if (installed === wanted) {
  console.log('The packages are up to date.');
} else {
  console.log('Installing the packages (npm ci)…');
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  const code = await new Promise((resolve, reject) => {
    npm.on('error', reject);
    npm.on('close', resolve);
  });
  if (code === 0) await writeFile(stamp, wanted);
  process.exitCode = code ?? 1;
}
