import { openStateFolder } from '../store/stateFolder.ts';
import { errorMessage } from '../base/errors.ts';
import type { ControlTarget } from '../control/controlTarget.ts';
import type { ControlledProcess } from '../control/protocol.ts';
import type { BackgroundMessage } from './background.ts';
import type { Context } from './context.ts';
import { CliError, exitCodes } from './exitCodes.ts';
import { reloadModel } from './loadModel.ts';
import { takeOwnership } from './ownership.ts';
import { isAtRest } from './words.ts';

/** With nothing left to supervise this long, the program goes away. In ms. */
const idleMs = 30_000;

/**
 * The program in the background: owns the environment until a window of the editor takes it over,
 * everything is stopped, or somebody asks for the end of it. Says on standard output how the
 * beginning went, in one line, and nothing else.
 */
export async function supervise(context: Context): Promise<number> {
  const { promise: ended, resolve: end } = deferred();
  try {
    const stateFolder = await openStateFolder(context.place.folder);
    const reload = () => reloadModel(context, stateFolder);
    const ownership = await takeOwnership({
      model: await reload(),
      stateFolder,
      kind: 'background',
      // An owner that is about to leave is waited for by the one who started this program.
      waitMs: 0,
      reload,
      // The one who asked gets the answer first.
      onShutdown: () => setImmediate(end),
      onReleaseRequested: end,
    });
    if (ownership === undefined) {
      // Somebody was faster, and can be asked as well.
      say({ isReady: true });
      return exitCodes.ok;
    }
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => void ownership.target.shutdown());
    }
    endWhenIdle(ownership.target, end);
    say({ isReady: true });
    await ended;
    await ownership.session.release();
    return exitCodes.ok;
  } catch (error) {
    const exitCode = error instanceof CliError ? error.exitCode : exitCodes.unreachable;
    say({ isReady: false, exitCode, message: errorMessage(error) });
    return exitCode;
  }
}

function endWhenIdle(target: Pick<ControlTarget, 'follow'>, end: () => void): void {
  const processes = new Map<string, ControlledProcess>();
  let timer: NodeJS.Timeout | undefined;
  target.follow((event) => {
    if (event.kind === 'status') processes.clear();
    if (event.kind === 'status') add(event.status.processes);
    if (event.kind === 'change') add(event.processes);
    const isIdle = [...processes.values()].every(
      (process) => process.kind === 'external' || isAtRest(process),
    );
    if (!isIdle) {
      clearTimeout(timer);
      timer = undefined;
    } else timer ??= setTimeout(end, idleMs);
  });
  function add(changed: readonly ControlledProcess[]): void {
    for (const process of changed) processes.set(process.name, process);
  }
}

function say(message: BackgroundMessage): void {
  process.stdout.on('error', () => undefined);
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
