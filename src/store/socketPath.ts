import os from 'node:os';
import path from 'node:path';

/**
 * Bytes that a Unix socket's path may have: `sun_path` holds 104 on macOS and the BSDs (108 on
 * Linux), with the closing NUL. Longer paths are refused, or cut without a word.
 */
const maxSocketPathBytes = 103;

/** Where the control socket of an environment is, and the private folder it needs, if not its own. */
export interface SocketPlace {
  readonly path: string;
  /** To be made with mode 0700 before listening; undefined when it is there or none is needed. */
  readonly folder: string | undefined;
}

/**
 * Places the control socket of the environment whose state folder is `stateFolder`: in it, or, if
 * that path is too long for a socket, in a folder of this user below the temporary folder. On
 * Windows it is a named pipe. `id` tells environments apart.
 */
export function placeSocket(
  stateFolder: string,
  id: string,
  platform: NodeJS.Platform = process.platform,
  temporaryFolder: string = os.tmpdir(),
): SocketPlace {
  return place(stateFolder, 'control.sock', id, platform, temporaryFolder);
}

/** Places the socket on which a run says how it is. It follows from the run's id, for every host. */
export function placeRunSocket(
  stateFolder: string,
  runId: string,
  platform: NodeJS.Platform = process.platform,
  temporaryFolder: string = os.tmpdir(),
): SocketPlace {
  return place(stateFolder, `${runId}.sock`, `run-${runId}`, platform, temporaryFolder);
}

function place(
  stateFolder: string,
  fileName: string,
  id: string,
  platform: NodeJS.Platform,
  temporaryFolder: string,
): SocketPlace {
  if (platform === 'win32') {
    return { path: `\\\\.\\pipe\\dev-env-${id}`, folder: undefined };
  }
  const inside = path.join(stateFolder, fileName);
  if (fits(inside)) return { path: inside, folder: undefined };
  const userFolder = `dev-env-${String(process.getuid?.() ?? os.userInfo().username)}`;
  // A temporary folder may itself be too deep (CI, macOS sandboxes); /tmp is there on all the rest.
  for (const parent of [temporaryFolder, '/tmp']) {
    const folder = path.join(parent, userFolder);
    const candidate = path.join(folder, `${id}.sock`);
    if (fits(candidate)) return { path: candidate, folder };
  }
  return { path: inside, folder: undefined };
}

function fits(candidate: string): boolean {
  return Buffer.byteLength(candidate) <= maxSocketPathBytes;
}
