import { closeSync, openSync, readSync } from 'node:fs';
import { systemErrorCode } from '../base/errors.ts';

// Grown to the largest file seen. Shared, since nothing is awaited while it is in use: readFileSync
// would ask for the size (procfs says 0) and allocate anew, for each of some hundred processes.
let buffer = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * The content of a file of a process in /proc; `vanished` when the process has ended, undefined when it may not
 * be read. The bytes are good until the next call.
 */
export function readProcFile(path: string): Buffer | 'vanished' | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    for (let length = 0; ;) {
      const read = readSync(fd, buffer, length, buffer.length - length, null);
      length += read;
      // What belongs to one process is given in one go, as far as there is room for it.
      if (length < buffer.length || read === 0) return buffer.subarray(0, length);
      const larger = Buffer.allocUnsafeSlow(buffer.length * 2);
      buffer.copy(larger);
      buffer = larger;
    }
  } catch (error) {
    const code = systemErrorCode(error);
    // ESRCH on opening is what recent kernels say for the environment of their own threads.
    const hasVanished = fd === undefined ? code === 'ENOENT' : code === 'ESRCH';
    return hasVanished ? 'vanished' : undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
