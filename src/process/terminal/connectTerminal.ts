import net from 'node:net';
import { type Clock, systemClock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter, type Event } from '../../base/emitter.ts';

/** The way into the terminal of a run. What comes out of it is in the run's log file. */
export interface TerminalConnection extends Disposable {
  /** It has ended, with the run or because there is none; never after `dispose`. */
  readonly onDidClose: Event<void>;
  /** Typed text, with the control characters that keys send. Ignored by one that is not interactive. */
  write(text: string): void;
  /** In characters. The program is told by SIGWINCH. */
  resize(columns: number, rows: number): void;
}

/** The host of the terminal needs a moment before it listens. */
const retryAfterMs = 50;
/** A slow machine may need seconds; after this time there is none. */
const giveUpAfterMs = 10_000;

/**
 * Connects to the terminal that listens at `socketPath` (`ProcessSnapshot.terminalSocket`), as soon
 * as it does. What is written before that is kept and sent then. Several can be connected at once;
 * the last size given counts.
 */
export function connectTerminal(
  socketPath: string,
  clock: Clock = systemClock,
): TerminalConnection {
  const closed = new Emitter<void>();
  const startMs = clock.now();
  let waiting: string[] = [];
  let socket: net.Socket | undefined;
  let retry: Disposable | undefined;
  let isConnected = false;
  let isOver = false;

  const end = (): void => {
    if (isOver) return;
    isOver = true;
    waiting = [];
    closed.fire();
  };
  const connect = (): void => {
    const attempt = net.createConnection({ path: socketPath });
    socket = attempt;
    attempt.once('connect', () => {
      isConnected = true;
      for (const message of waiting.splice(0)) attempt.write(message);
    });
    // It sends nothing, but its end is only seen by one who reads.
    attempt.resume();
    attempt.on('error', () => undefined);
    attempt.once('close', () => {
      if (isOver) return;
      if (isConnected || clock.now() - startMs >= giveUpAfterMs) end();
      else retry = clock.schedule(retryAfterMs, connect);
    });
  };
  const send = (message: object): void => {
    if (isOver) return;
    const line = `${JSON.stringify(message)}\n`;
    if (isConnected) socket?.write(line);
    else waiting.push(line);
  };
  connect();

  return {
    onDidClose: closed.event,
    write: (text) => send({ input: text }),
    resize: (columns, rows) => send({ columns, rows }),
    dispose() {
      isOver = true;
      retry?.dispose();
      // What was just typed is still sent.
      if (isConnected) socket?.end();
      else socket?.destroy();
      closed.dispose();
    },
  };
}
