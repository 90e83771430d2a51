import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Manager } from '../managers/manager.ts';
import { ownAddress, Trial } from '../trial.ts';
import { cpuMs, memoryMb, sharedMemoryMb } from '../usage.ts';
import { type Standing, type StandingWorkload, standOn } from './workload.ts';

/** `rounds` slices of so many seconds, one after the other. */
export function idleWorkload(count: number, seconds: number, rounds: number): StandingWorkload {
  return {
    id: `idle-${String(count)}`,
    title: `Keep ${String(count)} idle processes`,
    text: `Nothing happens, for ${String(rounds)} rounds of ${String(seconds)} s; all managers at the same time, each with its own processes. Those who can ask each process by HTTP every 10 s whether it is well. "All" is the memory of everything that was started, shared pages counted once.`,
    figures: [
      { name: 'CPU of the manager', unit: '% of a core', digits: 2 },
      { name: 'memory of the manager', unit: 'MB' },
      { name: 'all', unit: 'MB' },
    ],
    rounds,
    takes: ({ abilities }) => count < 1000 || abilities.has('thousand'),
    isAtOnce: true,
    restMs: 5_000,
    open: (manager) => openIdle(manager, count, seconds),
  };
}

function openIdle(manager: Manager, count: number, seconds: number): Promise<Standing> {
  const trial = new Trial(manager);
  const server = createServer((_request, response) => response.end('well\n'));
  const all = {
    [Symbol.asyncDispose]: async (): Promise<void> => {
      server.close();
      server.closeAllConnections();
      await trial[Symbol.asyncDispose]();
    },
  };
  return standOn(all, async () => {
    server.listen(0, '0.0.0.0');
    await once(server, 'listening');
    const healthUrl = urlOf(server);
    const session = await trial.start(
      [...Array(count).keys()].map((i) => ({
        name: `job-${String(i)}`,
        command: `${trial.mark(String(i))}; exec sleep 600`,
        ...(healthUrl === undefined ? {} : { healthUrl }),
      })),
    );
    await trial.untilMarks(count);
    // All that it will have: to look for it again would take seconds of a thousand.
    const living = trial.living().map((one) => one.pid);
    return async () => {
      const pid = session.pid();
      if (pid === undefined) throw new Error('The manager has gone.');
      const before = cpuMs(pid);
      await pause(seconds * 1000);
      const percent = (cpuMs(pid) - before) / (seconds * 10);
      return [percent, memoryMb(pid).now, sharedMemoryMb(living)];
    };
  });
}

/** Not on the loopback address: there, this project wants the port to be the process's own. */
function urlOf(server: Server): string | undefined {
  const address = ownAddress();
  const { port } = server.address() as AddressInfo;
  return address === undefined ? undefined : `http://${address}:${String(port)}/`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
