import assert from 'node:assert/strict';
import { pythonCandidates } from '../../../../src/process/terminal/findPython.ts';

describe('pythonCandidates', () => {
  it("prefers the system's own to a version manager's, which chooses by the folder", () => {
    assert.deepEqual(pythonCandidates('/home/ann/.pyenv/shims:/usr/bin:bin::/opt/bin', 'linux'), [
      '/usr/bin/python3',
      '/usr/local/bin/python3',
      '/home/ann/.pyenv/shims/python3',
      '/opt/bin/python3',
    ]);
    assert.deepEqual(pythonCandidates(undefined, 'linux'), [
      '/usr/bin/python3',
      '/usr/local/bin/python3',
    ]);
  });

  it('never asks the stub of macOS, which opens a dialog where the tools are not installed', () => {
    const candidates = pythonCandidates('/usr/bin:/Users/ann/bin', 'darwin');
    assert.equal(candidates.includes('/usr/bin/python3'), false);
    assert.equal(candidates.at(-1), '/Users/ann/bin/python3');
  });

  it('has none for Windows, whose Python has no terminals', () => {
    assert.deepEqual(pythonCandidates('C:\\Python', 'win32'), []);
  });
});
