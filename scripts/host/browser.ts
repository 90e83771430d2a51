import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { type Browser, chromium } from 'playwright-core';

import { fetchOnce } from './fetchOnce.ts';
import { runTool } from './runTool.ts';

/** The newest of the package that does not ask for more than Node 20. */
const chromiumPackage = '@sparticuz/chromium@147.0.0';

/** They keep Chromium quiet on a closed network, and let it run as root in a container. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A headless browser of its own: the caller closes it. */
export async function launchBrowser(say: (line: string) => void): Promise<Browser> {
  const { executable, fontsFolder } = await findBrowser(say);
  const needsFonts = fontsFolder !== undefined && !existsSync('/etc/fonts/fonts.conf');
  return chromium.launch({
    executablePath: executable,
    args: flags,
    env: { ...process.env, ...(needsFonts ? { FONTCONFIG_PATH: fontsFolder } : {}) },
    // Whoever launches it ends it, in its own order; Playwright would exit this program at once.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

/** Fetches the browser if there is none; what `launchBrowser` does first. */
export async function findBrowser(
  say: (line: string) => void,
): Promise<{ executable: string; fontsFolder: string | undefined }> {
  const installed = findInstalled();
  if (installed !== undefined) return { executable: installed, fontsFolder: undefined };
  const folder = await fetchOnce(chromiumPackage.replace(/\W+/g, '-').slice(1), (target) =>
    fetchChromium(target, say),
  );
  const unpacked = join(folder, 'unpacked');
  return { executable: join(unpacked, 'chromium'), fontsFolder: join(unpacked, 'fonts') };
}

function findInstalled(): string | undefined {
  const names = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'chrome'];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const places = [
    process.env['CHROME_PATH'] ?? '',
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ];
  return places.find((place) => place !== '' && existsSync(place));
}

/** The package ships the browser compressed and unpacks it into the temporary folder it is given. */
async function fetchChromium(folder: string, say: (line: string) => void): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chrome or Chromium found: install one, or name it in CHROME_PATH.');
  }
  say('Fetching a headless Chromium (once; kept in .vscode-test)…');
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await runTool('npm', [...install, chromiumPackage], { cwd: folder });
  const unpack = `
    import { mkdirSync, rmSync } from 'node:fs';
    mkdirSync('unpacked');
    process.env.TMPDIR = process.cwd() + '/unpacked';
    const { default: chromium } = await import('@sparticuz/chromium');
    await chromium.executablePath();
    rmSync('node_modules', { recursive: true });`;
  await runTool(process.execPath, ['--input-type=module', '--eval', unpack], { cwd: folder });
}
