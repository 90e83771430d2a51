import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ownAddress, Trial } from '../trial.ts';
import { cpuMs, memoryMb, sharedMemoryMb } from '../usage.ts';
import type { Workload } from './workload.ts';

/** What the start leaves to be done is over by then, in ms. */
const restMs = 3_000;

export function idleWorkload(count: number, seconds: number, rounds: number): Workload {
  return {
    id: `idle-${String(count)}`,
    title: `Keep ${String(count)} idle processes`,
    text: `Nothing happens for ${String(seconds)} s. Those who can ask each process by HTTP every 10 s whether it is well. "All" is the memory of everything that was started, shared pages counted once.`,
    figures: [
      { name: 'CPU of the manager', unit: '% of a core', digits: 2 },
      { name: 'memory of the manager', unit: 'MB' },
      { name: 'all', unit: 'MB' },
    ],
    rounds,
    takes: ({ abilities }) => count < 1000 || abilities.has('thousand'),
    measure: async (manager) => {
      await using trial = new Trial(manager);
      const server = createServer((_request, response) => response.end('well\n'));
      server.listen(0, '0.0.0.0');
      await once(server, 'listening');
      const address = ownAddress();
      const healthUrl =
        address === undefined
          ? undefined
          : `http://${address}:${String((server.address() as AddressInfo).port)}/`;
      const session = await trial.start(
        [...Array(count).keys()].map((i) => ({
          name: `job-${String(i)}`,
          command: `${trial.mark(String(i))}; exec sleep 600`,
          ...(healthUrl === undefined ? {} : { healthUrl }),
        })),
      );
      await trial.untilMarks(count);
      await pause(restMs);
      const pid = session.pid();
      if (pid === undefined) throw new Error('The manager has gone.');
      const before = cpuMs(pid);
      await pause(seconds * 1000);
      const percent = (cpuMs(pid) - before) / (seconds * 10);
      const all = sharedMemoryMb(trial.living().map((one) => one.pid));
      const { now } = memoryMb(pid);
      server.close();
      server.closeAllConnections();
      return [percent, now, all];
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
