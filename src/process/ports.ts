import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { type Clock, delay } from '../base/clock.ts';
import { systemErrorCode } from '../base/errors.ts';
import { ownersOf, readLinuxListeners } from './linuxPorts.ts';
import { readProcess } from './processTable.ts';

/** A program that takes TCP connections on a port. */
export interface PortListener {
  /** Undefined when the system does not say: it is another user's, or a forwarder in the kernel. */
  readonly pid: number | undefined;
  /** Numeric; `0.0.0.0` and `::` stand for every address of the family. */
  readonly address: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly command: string | undefined;
  /** Name of the user it belongs to, or the number when it has no name. */
  readonly user: string | undefined;
}

/** Who listens on a port, one entry for each socket and process that holds it. */
export async function listenersOn(port: number): Promise<PortListener[]> {
  if (process.platform !== 'linux') return listenersByTool(port);
  const sockets = (await readLinuxListeners()).filter((socket) => socket.port === port);
  const owners = await ownersOf(new Set(sockets.map((socket) => socket.inode)));
  const found: PortListener[] = [];
  for (const { inode, address, family, uid } of sockets) {
    for (const pid of owners.get(inode) ?? [undefined]) {
      const info = pid === undefined ? undefined : await readProcess(pid);
      found.push({ pid, address, family, command: info?.command, user: userName(uid) });
    }
  }
  return found;
}

async function listenersByTool(port: number): Promise<PortListener[]> {
  const { portBindings } = await import('pid-port');
  let bindings: Awaited<ReturnType<typeof portBindings>>;
  try {
    bindings = await portBindings(port, { host: '*' });
  } catch {
    // Its way of saying that there is none.
    return [];
  }
  return Promise.all(
    bindings.map(async ({ host, pid }) => {
      const info = await readProcess(pid);
      const user = info?.uid === undefined ? undefined : userName(info.uid);
      // lsof and netstat write `*` for a socket on all addresses, of both families as a rule.
      const address = host === '*' ? '::' : host;
      const family = address.includes(':') ? 'IPv6' : 'IPv4';
      return { pid, address, family, command: info?.command, user };
    }),
  );
}

/** From /etc/passwd, since the likes of `id` cost a process. */
function userName(uid: number): string {
  try {
    for (const row of readFileSync('/etc/passwd', 'utf8').split('\n')) {
      const [name, , number] = row.split(':');
      if (name !== undefined && number === String(uid)) return name;
    }
  } catch {
    // The number will do.
  }
  return String(uid);
}

/**
 * Whether nobody listens on the port, on any IPv4 or IPv6 address. Found out by binding it for a
 * moment, which takes a fraction of a millisecond and is what matters to the program that is to
 * use it; so it is for ports that nobody is just about to bind.
 */
export async function isPortFree(port: number): Promise<boolean> {
  // On Linux a wildcard address conflicts with every listener of its family (SO_REUSEADDR does not
  // apply to those); BSD and Windows let it share the port with a specific address.
  const hosts = process.platform === 'linux' ? wildcards : [...wildcards, '127.0.0.1', '::1'];
  for (const host of hosts) {
    const outcome = await tryToBind(port, host);
    if (outcome === 'taken') return false;
    // Ports below 1024 are for root; whether one is in use can be looked up all the same.
    if (outcome === 'denied') return (await listenersOn(port)).length === 0;
  }
  return true;
}

const wildcards = ['0.0.0.0', '::'];

export interface WaitForPortOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly timeoutMs: number;
}

/** Waits until nobody listens on the port. False when someone still does after the time allowed. */
export async function waitUntilPortIsFree(
  port: number,
  { clock, signal, timeoutMs }: WaitForPortOptions,
): Promise<boolean> {
  const deadlineMs = clock.now() + timeoutMs;
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 1.5, 100)) {
    if (await isPortFree(port)) return true;
    const leftMs = deadlineMs - clock.now();
    if (leftMs <= 0 || signal?.aborted === true) return false;
    await delay(clock, Math.min(pauseMs, leftMs), signal);
  }
}

/**
 * A TCP port that nobody uses, chosen by the system, and none of `exclude`. Free on both families,
 * since programs disagree on which of them `localhost` is.
 */
export async function freePort(exclude: ReadonlySet<number> = new Set()): Promise<number> {
  for (;;) {
    const port = await tryToBind(0, '127.0.0.1');
    if (typeof port === 'number' && !exclude.has(port) && (await isPortFree(port))) return port;
    if (port === 'unavailable') throw new Error('There is no IPv4 loopback address.');
  }
}

/** `unavailable`: there is no such address here, so nobody can be using it. */
type BindProblem = 'taken' | 'denied' | 'unavailable';

/** Binds a port and lets it go again; gives its number. */
function tryToBind(port: number, host: string): Promise<number | BindProblem> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => {
      const code = systemErrorCode(error);
      if (code === 'EADDRINUSE') resolve('taken');
      else resolve(code === 'EACCES' || code === 'EPERM' ? 'denied' : 'unavailable');
    });
    server.listen({ port, host, ipv6Only: true, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(bound));
    });
  });
}
