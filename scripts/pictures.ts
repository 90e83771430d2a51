import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { launchBrowser } from './host/browser.ts';
import { artifactsFolder, repositoryRoot } from './host/paths.ts';

/**
 * Makes the pictures of README.md from those that `npm start -- --check` has taken of the real
 * thing: cut to what there is to see, and small. They are not part of the package.
 */

/** Of the pictures of 1280 by 800: without the title bar, and without what is empty. */
const pictures = [
  { from: 'shop-', to: 'screenshot-', clip: { x: 0, y: 36, width: 1160, height: 764 } },
  { from: 'shop-dashboard-', to: 'dashboard-', clip: { x: 352, y: 36, width: 928, height: 732 } },
] as const;
const maxBytes = 150_000;

const browser = await launchBrowser((line) => console.log(line));
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  for (const { from, to, clip } of pictures) {
    for (const theme of ['dark', 'light']) {
      const source = await readFile(join(artifactsFolder, `${from}${theme}.png`), 'base64');
      await page.setContent(`<body style="margin: 0"><img src="data:image/png;base64,${source}">`);
      const picture = await page.screenshot({ clip });
      if (picture.length > maxBytes) throw new Error(`${from}${theme}: ${picture.length} bytes`);
      const target = join(repositoryRoot, 'media', `${to}${theme}.png`);
      await writeFile(target, picture);
      console.log(`${target}: ${picture.length} bytes`);
    }
  }
} finally {
  await browser.close();
}
