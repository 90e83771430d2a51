import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { systemErrorCode } from '../base/errors.ts';

const privateNew = { flag: 'wx', mode: 0o600 };
const privateFolder = { recursive: true, mode: 0o700 };

let serial = 0;

/** Ending of files that are being written. Those found later are remains of a crash. */
export const temporaryEnding = '.tmp';

/** A name beside `file` that no other process and no other write uses. */
export function temporaryName(file: string): string {
  serial += 1;
  return `${file}.${String(process.pid)}-${String(serial)}${temporaryEnding}`;
}

/**
 * Replaces `file` as a whole: whoever reads it, and whatever is killed when, sees the old or the
 * new content. Makes the folder if need be (again).
 *
 * There is no fsync, which would cost milliseconds for each of a hundred starts: what
 * is written here must outlive programs, and those it speaks of don't outlive a power cut either.
 *
 * Not write-file-atomic: it fsyncs, and hooks into the exit and the signals of its host.
 */
export function writeAtomicallySync(file: string, text: string | Uint8Array): void {
  const temporary = temporaryName(file);
  try {
    try {
      writeFileSync(temporary, text, privateNew);
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
      mkdirSync(path.dirname(file), privateFolder);
      writeFileSync(temporary, text, privateNew);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Like `writeAtomicallySync`, with only the rename in the caller's way. `isCurrent` is asked right
 * before it; if it says no, because something newer was written meanwhile, `file` is left alone.
 */
export async function writeAtomically(
  file: string,
  text: string,
  isCurrent: () => boolean = () => true,
): Promise<void> {
  const temporary = temporaryName(file);
  try {
    try {
      await writeFile(temporary, text, privateNew);
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
      await mkdir(path.dirname(file), privateFolder);
      await writeFile(temporary, text, privateNew);
    }
    // Synchronous, so that nothing can come between the question and the deed.
    if (isCurrent()) renameSync(temporary, file);
    else await rm(temporary, { force: true });
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
