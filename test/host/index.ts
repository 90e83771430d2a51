import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import { outputPrefix, ResultsReporter } from '../support/resultsReporter.ts';

/**
 * Runs the suite inside the extension host: what VS Code calls by `extensionTestsPath`, the same in
 * desktop VS Code and on a server. Rejects when a test has failed.
 */
export async function run(): Promise<void> {
  Object.assign(Mocha.reporters.Base, {
    consoleLog: (...words: unknown[]) => {
      for (const line of format(...words).split('\n')) console.log(outputPrefix + line);
    },
  });
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 120_000,
    forbidOnly: true,
    color: false,
    reporter: ResultsReporter,
  });
  for await (const file of glob('**/*.test.cjs', { cwd: __dirname })) {
    mocha.addFile(join(__dirname, file));
  }
  await new Promise<void>((resolve, reject) => {
    mocha.run((failures) => {
      if (failures === 0) resolve();
      else reject(new Error(`${failures} of the tests in the extension host failed.`));
    });
  });
}
