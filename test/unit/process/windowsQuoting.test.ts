import assert from 'node:assert/strict';
import { batchCommandLine } from '../../../src/process/windowsQuoting.ts';

describe('batchCommandLine', () => {
  for (const [args, expected] of [
    [[], 'C:\\a^ b\\run.cmd'],
    [['plain'], 'C:\\a^ b\\run.cmd ^^^"plain^^^"'],
    [['a b'], 'C:\\a^ b\\run.cmd ^^^"a^^^ b^^^"'],
    [['%PATH%'], 'C:\\a^ b\\run.cmd ^^^"^^^%PATH^^^%^^^"'],
    [['say "hi"'], 'C:\\a^ b\\run.cmd ^^^"say^^^ \\^^^"hi\\^^^"^^^"'],
    [['ends in \\'], 'C:\\a^ b\\run.cmd ^^^"ends^^^ in^^^ \\\\^^^"'],
    [['&calc'], 'C:\\a^ b\\run.cmd ^^^"^^^&calc^^^"'],
  ] as const) {
    it(`quotes ${JSON.stringify(args)}`, () => {
      assert.equal(batchCommandLine('C:\\a b\\run.cmd', args), expected);
    });
  }
});
