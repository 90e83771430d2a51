import assert from 'node:assert/strict';
import { childEnvironment } from '../../../src/process/childEnvironment.ts';

describe('childEnvironment', () => {
  it("takes the editor's own variables out, and leaves the user's", () => {
    const host = {
      VSCODE_PID: '1',
      VSCODE_IPC_HOOK_CLI: '/tmp/x.sock',
      ELECTRON_RUN_AS_NODE: '1',
      CHROME_DESKTOP: 'code.desktop',
      SNAP: '/snap/code/1',
      SNAP_NAME: 'code',
      GDK_PIXBUF_MODULEDIR: '/snap/x',
      BROWSER: '/vscode/bin/abc/bin/helpers/browser.sh',
      PATH: '/usr/bin',
      NODE_OPTIONS: '--max-old-space-size=4096',
      SNAPSHOT: 'mine',
      MY_VSCODE: 'mine',
      UNSET: undefined,
    };
    assert.deepEqual(childEnvironment(host, { PORT: '80', PATH: '/bin' }, 'linux'), {
      PATH: '/bin',
      NODE_OPTIONS: '--max-old-space-size=4096',
      SNAPSHOT: 'mine',
      MY_VSCODE: 'mine',
      PORT: '80',
    });
  });

  it("leaves the user's own browser", () => {
    assert.deepEqual(childEnvironment({ BROWSER: 'firefox' }, {}, 'linux'), { BROWSER: 'firefox' });
  });

  it('tells names apart by case on POSIX, and not on Windows', () => {
    const host = { Path: 'C:\\', vscode_pid: '1' };
    assert.deepEqual(childEnvironment(host, { PATH: 'D:\\' }, 'win32'), { PATH: 'D:\\' });
    assert.deepEqual(childEnvironment({ http_proxy: 'a' }, { HTTP_PROXY: 'b' }, 'linux'), {
      http_proxy: 'a',
      HTTP_PROXY: 'b',
    });
  });
});
