import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import envPaths from 'env-paths';
import { writeAtomicallySync } from '../store/atomicFile.ts';

/** When a long-lived program has run what it runs at its start, in ms. */
const keepAfterMs = 3_000;
const hashBytes = 32;
const lifeMs = 30 * 24 * 60 * 60 * 1000;

/**
 * Loads a CommonJS file, and keeps what the engine compiled of it for the next time: half of the
 * time to the first start goes into compiling. Unlike the compile cache of Node (22.8), which has
 * what is compiled by loading, it has every function that was called. Where nothing can be kept,
 * or NODE_DISABLE_COMPILE_CACHE is set, the file is loaded all the same.
 *
 * `use` names a way of using the file that calls much the same functions each time.
 * @returns what the file exports
 */
export function loadScript(file: string, use: string): unknown {
  const require = createRequire(file);
  const cacheFile = cacheFileOf(file, use);
  if (cacheFile === undefined) return require(file);
  const cachedData = readCache(cacheFile);
  const wrapper = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`;
  const script = new Script(wrapper, { filename: file, ...(cachedData && { cachedData }) });
  if (cachedData === undefined || script.cachedDataRejected === true) keepLater(script, cacheFile);
  const module = { exports: {} };
  const run = script.runInThisContext() as (...scope: readonly unknown[]) => void;
  run(module.exports, require, module, file, dirname(file));
  return module.exports;
}

/** Another one for each build of the file and of the engine; undefined when none is wanted. */
function cacheFileOf(file: string, use: string): string | undefined {
  const { NODE_DISABLE_COMPILE_CACHE: disabled, NODE_V8_COVERAGE: coverage } = process.env;
  if (disabled !== undefined || coverage !== undefined) return undefined;
  const { size, mtimeMs } = statSync(file);
  const { node, v8 } = process.versions;
  const key = [file, size, mtimeMs, node, v8, process.arch].join(' ');
  const name = createHash('sha256').update(key).digest('hex').slice(0, 16);
  return join(envPaths('dev-env', { suffix: '' }).cache, 'compiled', `${name}-${use}`);
}

/** The engine trusts what it is given: a damaged file, or somebody else's, must not come so far. */
function readCache(cacheFile: string): Buffer | undefined {
  try {
    const { uid } = statSync(cacheFile);
    if (process.platform !== 'win32' && uid !== process.getuid?.()) return undefined;
    const bytes = readFileSync(cacheFile);
    const data = bytes.subarray(hashBytes);
    return hashOf(data).equals(bytes.subarray(0, hashBytes)) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** At the end of the program, or when it has run for a while. What cannot be kept costs time only. */
function keepLater(script: Script, cacheFile: string): void {
  let isKept = false;
  const keep = (): void => {
    if (isKept) return;
    isKept = true;
    try {
      const data = script.createCachedData();
      writeAtomicallySync(cacheFile, Buffer.concat([hashOf(data), data]));
      removeOld(dirname(cacheFile));
    } catch {
      // A folder that cannot be written to, a full disk.
    }
  };
  setTimeout(keep, keepAfterMs).unref();
  process.once('exit', keep);
}

/** Of builds and engines that have gone; one that is still used is made again. */
function removeOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (Date.now() - statSync(path).mtimeMs > lifeMs) rmSync(path, { force: true });
  }
}

function hashOf(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
