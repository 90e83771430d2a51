import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** What a suite leaves for the program that runs several of them. */
export interface SuiteResults {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Names the file the results are written to, wherever the suite runs. */
export const resultsVariable = 'DEV_ENV_SUITE_RESULTS';

/** Before each line of a suite that shares its output with VS Code's own log. */
export const outputPrefix = '[suite] ';

/** Prints as mocha's `spec` does, and writes the counts to the file that `resultsVariable` names. */
export class ResultsReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const path = process.env[resultsVariable];
    if (path === undefined) return;
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      const results: SuiteResults = { passed: passes, failed: failures, skipped: pending };
      writeFileSync(path, JSON.stringify(results));
    });
  }
}

// Mocha loads a reporter that is named on its command line by `require`.
export { ResultsReporter as 'module.exports' };
