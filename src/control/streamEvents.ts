import type { ServerResponse } from 'node:http';
import type { ControlTarget, FollowOptions } from './controlTarget.ts';
import { formatEvent } from './eventStream.ts';
import type { ControlEvent } from './protocol.ts';

/** A reader that is further behind than this is not reading any more. In bytes. */
const maxBacklogBytes = 16 * 1024 * 1024;
/** Comments between events, so that a connection that is dead is found out. In ms. */
const pulseMs = 15_000;

/**
 * Sends the status and every change to one client, until it goes away or `end` is called. Changes
 * for a slow reader are gathered: it gets the newest of each process once it reads again.
 */
export function streamEvents(
  target: ControlTarget,
  response: ServerResponse,
  options: FollowOptions = {},
): { end: () => void } {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  let isBlocked = false;
  const waiting = new Map<string, Extract<ControlEvent, { kind: 'change' }>['processes'][number]>();
  const write = (event: ControlEvent): void => {
    isBlocked = !response.write(formatEvent(event));
    if (response.writableLength > maxBacklogBytes) response.destroy();
  };
  const subscription = target.follow((event) => {
    if (event.kind === 'change' && isBlocked) {
      for (const process of event.processes) waiting.set(process.name, process);
      return;
    }
    // It says everything that is waiting, and newer.
    if (event.kind === 'status') waiting.clear();
    // There is a newer one soon.
    if (event.kind === 'usage' && isBlocked) return;
    write(event);
  }, options);
  response.on('drain', () => {
    isBlocked = false;
    if (waiting.size === 0) return;
    const processes = [...waiting.values()];
    waiting.clear();
    write({ kind: 'change', processes });
  });
  const pulse = setInterval(() => response.write(':\n\n'), pulseMs).unref();
  response.on('close', () => {
    clearInterval(pulse);
    subscription.dispose();
  });
  return {
    end: () => {
      subscription.dispose();
      response.end(formatEvent({ kind: 'end' } satisfies ControlEvent));
    },
  };
}
