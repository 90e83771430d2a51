import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { loadConfig } from '../../src/config/load.ts';
import type { EnvironmentModel } from '../../src/config/model.ts';
import { EnvironmentSession } from '../../src/controller/environmentSession.ts';
import { PortBook } from '../../src/store/portBook.ts';
import { openStateFolder } from '../../src/store/stateFolder.ts';

/**
 * A host of the environment in FOLDER, as the extension host is one. It obeys the lines on its
 * standard input, and answers each with a line of JSON: `start|stop|restart [NAMES]`, `load` (the
 * file was edited), `look` (what it holds), `rest` (the same, once nothing is
 * being written), `release` (lets go, as at a reload).
 *
 * Usage: node --expose-gc host.ts FOLDER
 */
const [folder = ''] = process.argv.slice(2);
const configPath = `${folder}/dev-env.yaml`;
const stateFolder = await openStateFolder(folder);
const book = await PortBook.open(stateFolder);

async function load(): Promise<EnvironmentModel | undefined> {
  const { model } = await loadConfig({
    text: await readFile(configPath, 'utf8'),
    configPath,
    folder,
    hostEnv: process.env,
    assignPort: (name) => book.assign(name),
  });
  return model;
}

const model = await load();
if (model === undefined) throw new Error('The file has errors.');
let failures = 0;
const opened = await EnvironmentSession.open({
  model,
  stateFolder,
  hostEnv: process.env,
  label: `soak ${process.pid}`,
  waitMs: 30_000,
  onCreated: (environment) => {
    environment.onDidFail(() => (failures += 1));
  },
});
if (opened.kind === 'elsewhere') throw new Error(`Owned by ${opened.owner?.label ?? '?'}.`);
const { session } = opened;
const { environment } = session;

function answer(message: unknown): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** What a leak would make grow. Memory is what is in use after a garbage collection. */
function look(): unknown {
  globalThis.gc?.();
  const resources = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    resources.set(kind, (resources.get(kind) ?? 0) + 1);
  }
  const status = readFileSync('/proc/self/status', 'utf8');
  return {
    heapBytes: process.memoryUsage().heapUsed,
    residentBytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024,
    files: readdirSync('/proc/self/fd').length,
    resources: Object.fromEntries(resources),
    failures,
    processes: environment
      .processes()
      .map(({ name, state, pid, run }) => ({ name, state, pid, run })),
  };
}

async function obey(verb: string, names: readonly string[]): Promise<void> {
  const chosen = names.length === 0 ? undefined : names;
  switch (verb) {
    case 'start':
      answer(await environment.start(chosen));
      return;
    case 'stop':
      answer(await environment.stop(chosen));
      return;
    case 'restart':
      answer(await environment.restart(chosen));
      return;
    case 'load': {
      const next = await load();
      if (next !== undefined) environment.setModel(next);
      answer(await environment.applyChanges());
      return;
    }
    case 'rest':
      // What is being written is not what is held.
      while (process.getActiveResourcesInfo().some((kind) => /^FSReq|Req$/.test(kind))) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      answer(look());
      return;
    case 'look':
      answer(look());
      return;
    case 'release':
      await session.release();
      process.exit(0);
  }
}

answer({ isOpen: true });
createInterface({ input: process.stdin }).on('line', (line) => {
  const [verb = '', ...names] = line.split(' ');
  void obey(verb, names).catch((error: unknown) => answer({ error: String(error) }));
});
