import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

/** Looked for in this order in the root of a folder. */
export const defaultFileNames = ['dev-env.yaml', 'dev-env.yml'] as const;

/** Where the file may be: the place the user named, or one of the usual names. Absolute. */
export function candidatePaths(folder: string, named: string | undefined): string[] {
  return named === undefined
    ? defaultFileNames.map((name) => resolve(folder, name))
    : [resolve(folder, named)];
}

/** The first of `paths` that is a file. */
export async function firstFile(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() === true) return path;
  }
  return undefined;
}

/** The text of a file, cut at `limitBytes`: whoever judges its size needs no more of it. */
export async function readTextUpTo(path: string, limitBytes: number): Promise<string> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(limitBytes);
    let filled = 0;
    while (filled < limitBytes) {
      const { bytesRead } = await file.read(buffer, filled, limitBytes - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.toString('utf8', 0, filled);
  } finally {
    await file.close();
  }
}
