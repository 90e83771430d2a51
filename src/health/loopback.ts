import * as l10n from '@vscode/l10n';
import { isIP } from 'node:net';
import { errorMessage, systemErrorCode } from '../base/errors.ts';
import type { ProbeResult } from './probe.ts';

/**
 * Where to try a host. `localhost` is 127.0.0.1 to some programs and ::1 to others, whichever
 * they heard first, so it means both.
 */
export function addressesOf(host: string): readonly string[] {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare.toLowerCase() === 'localhost' ? ['127.0.0.1', '::1'] : [bare];
}

/** Whether the host is this machine for sure; 0.0.0.0 and :: connect to it too. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || bare === '::') {
    return true;
  }
  return isIP(bare) === 4 && (bare.startsWith('127.') || bare === '0.0.0.0');
}

/** `127.0.0.1:80`, `[::1]:80` */
export function place(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** What came of one address. */
export interface AddressResult extends ProbeResult {
  /** Nobody listens there, so that what the other address has to say is the news. */
  readonly isRefused?: boolean;
}

/**
 * Tries all addresses at once. The first that is well decides, and the others are given up; if
 * none is, their failures are told together.
 */
export async function tryAddresses(
  addresses: readonly string[],
  port: number,
  outer: AbortSignal,
  attempt: (address: string, signal: AbortSignal) => Promise<AddressResult>,
): Promise<ProbeResult> {
  const others = new AbortController();
  const abort = (): void => others.abort();
  outer.addEventListener('abort', abort, { once: true });
  if (outer.aborted) abort();
  try {
    const failures: Failure[] = [];
    const tries = addresses.map(async (address) => {
      const { ok, seen, isRefused = false } = await attempt(address, others.signal);
      if (ok) return { ok, seen };
      failures.push({ seen, isRefused, at: place(address, port) });
      throw new Error(seen);
    });
    return await Promise.any(tries).catch(() => ({ ok: false, seen: together(failures) }));
  } finally {
    // A single one is over, and an abort that ends nothing takes a tenth of the whole try.
    if (addresses.length > 1) others.abort();
    outer.removeEventListener('abort', abort);
  }
}

interface Failure {
  readonly at: string;
  readonly seen: string;
  readonly isRefused: boolean;
}

function together(failures: readonly Failure[]): string {
  const answers = failures.filter((failure) => !failure.isRefused);
  if (answers.length > 0) return [...new Set(answers.map(({ seen }) => seen))].join('; ');
  const places = failures.map(({ at }) => at).sort();
  const [first = '', second] = places;
  return second === undefined
    ? l10n.t('connection refused on {0}', first)
    : l10n.t('connection refused on {0} and {1}', first, second);
}

/** A failed connection in words. */
export function connectionProblem(error: unknown, at: string): AddressResult {
  switch (systemErrorCode(error)) {
    // The last two: there is no such address here, since IPv6 is switched off.
    case 'ECONNREFUSED':
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return { ok: false, seen: l10n.t('connection refused on {0}', at), isRefused: true };
    // There is no such Unix socket.
    case 'ENOENT':
      return { ok: false, seen: l10n.t('there is no socket {0}', at) };
    case 'ECONNRESET':
    case 'EPIPE':
      return { ok: false, seen: l10n.t('{0} closed the connection without an answer', at) };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { ok: false, seen: l10n.t('{0} is not known (DNS)', at) };
    default:
      return { ok: false, seen: `${at}: ${errorMessage(error)}` };
  }
}
