/**
 * Ten processes in a chain, each ready 100 ms after its start: through the environment, which
 * learns of readiness by probing, against the sum of their own times, each measured alone and
 * from its own word.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import type { ProcessModel } from '../src/config/model.ts';
import { type Comparison, compare, definition, timed, withEnvironment } from './support.ts';

const count = 10;

/** Ready 100 ms after its first instruction: listens, and says so. */
const server = `
setTimeout(() => {
  require('node:net').createServer((socket) => socket.end()).listen(Number(process.argv[1]),
    '127.0.0.1', () => console.log('listening'));
}, 100);`;

export async function measureChain(kind: 'tcp' | 'log', rounds = 5): Promise<Comparison> {
  const ports = await freePorts(count);
  return compare(
    rounds,
    1.25,
    () => sumOfOwnTimes(ports),
    () => chainTime(ports, kind),
  );
}

const commandLine = (port: number): [string, ...string[]] => [
  process.execPath,
  '-e',
  server,
  String(port),
];

async function sumOfOwnTimes(ports: readonly number[]): Promise<number> {
  let sumMs = 0;
  for (const port of ports) {
    const [program, ...args] = commandLine(port);
    const startMs = performance.now();
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    sumMs += performance.now() - startMs;
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  }
  return sumMs;
}

async function chainTime(ports: readonly number[], kind: 'tcp' | 'log'): Promise<number> {
  const processes = ports.map((port, i) =>
    definition({
      name: `link-${i}`,
      command: commandLine(port),
      port,
      ready: readiness(kind, port),
      dependsOn: i === 0 ? [] : [{ name: `link-${i - 1}`, condition: 'ready' }],
    }),
  );
  return withEnvironment(processes, async (environment) =>
    timed(async () => {
      const { failed } = await environment.start();
      if (failed.length > 0) throw new Error(failed[0]?.reason);
    }),
  );
}

function readiness(kind: 'tcp' | 'log', port: number): ProcessModel['ready'] {
  return kind === 'log'
    ? { kind, pattern: '^listening$' }
    : { kind, host: '127.0.0.1', port, timeoutMs: 1000 };
}

async function freePorts(wanted: number): Promise<number[]> {
  const servers = [...Array(wanted).keys()].map(() => net.createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((one) => once(one, 'listening')));
  const ports = servers.map((one) => (one.address() as net.AddressInfo).port);
  await Promise.all(servers.map((one) => once(one.close(), 'close')));
  return ports;
}
