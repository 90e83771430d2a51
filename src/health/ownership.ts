import { delay, systemClock } from '../base/clock.ts';
import { isLoopback } from './loopback.ts';
import type { ProbeContext, ProbeResult } from './probe.ts';

/** A system that does not say in this time who listens does not say it at all, in ms. */
const patienceMs = 5_000;

/**
 * What is wrong with a server that answered: it is on this machine, and another program's.
 * Undefined when nothing is, or nobody can tell.
 */
export async function foreignServer(
  ownsPort: ProbeContext['ownsPort'],
  host: string,
  address: string,
  port: number,
): Promise<ProbeResult | undefined> {
  if (ownsPort === undefined || !isLoopback(host)) return undefined;
  const ending = new AbortController();
  try {
    const owned = await Promise.race([
      ownsPort(port, address).catch(() => undefined),
      delay(systemClock, patienceMs, ending.signal),
    ]);
    return owned?.ok === false ? owned : undefined;
  } finally {
    ending.abort();
  }
}
