import { isLoopback } from './loopback.ts';
import type { ProbeContext, ProbeResult } from './probe.ts';

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
  const owned = await ownsPort(port, address);
  return owned.ok ? undefined : owned;
}
