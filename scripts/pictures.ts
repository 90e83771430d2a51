import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { launchBrowser } from './host/browser.ts';
import { artifactsFolder, repositoryRoot } from './host/paths.ts';

/**
 * Makes the pictures of README.md from those that `npm start -- --check` has taken of the real
 * thing: cut to what there is to see, and small. They are not part of the package.
 */

/** Without the title bar and the right edge, in the picture of 1280 by 800. */
const clip = { x: 0, y: 36, width: 1160, height: 764 };
const maxBytes = 150_000;

const browser = await launchBrowser((line) => console.log(line));
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  for (const theme of ['dark', 'light']) {
    const source = await readFile(join(artifactsFolder, `shop-${theme}.png`), 'base64');
    await page.setContent(`<body style="margin: 0"><img src="data:image/png;base64,${source}">`);
    const picture = await page.screenshot({ clip });
    if (picture.length > maxBytes) throw new Error(`${theme}: ${picture.length} bytes`);
    const target = join(repositoryRoot, 'media', `screenshot-${theme}.png`);
    await writeFile(target, picture);
    console.log(`${target}: ${picture.length} bytes`);
  }
} finally {
  await browser.close();
}
