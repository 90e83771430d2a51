import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { readLogHead } from './logHead.ts';

/** Written at once, in characters. */
const chunkLength = 256 * 1024;

/** Beside the log, and removed with it. */
export function copyPath(logPath: string): string {
  return `${logPath}.copy.log`;
}

/**
 * Writes what is kept of a log to a file of its own, line by line through `mask`, and gives its
 * path: what was dropped is no zeros in it, and no secret. Rejects with the system error.
 */
export async function copyLog(logPath: string, mask: (line: string) => string): Promise<string> {
  const target = copyPath(logPath);
  let file: FileHandle | undefined;
  try {
    file = await open(target, 'w', 0o600);
    const input = createReadStream(logPath, { start: readLogHead(logPath) });
    let text = '';
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      text += `${mask(line)}\n`;
      if (text.length < chunkLength) continue;
      await file.write(text);
      text = '';
    }
    await file.write(text);
    return target;
  } finally {
    await file?.close();
  }
}
