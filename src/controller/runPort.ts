import type { ProbeResult } from '../health/probe.ts';
import { findPortHolder, type PortHolder } from '../process/portHolder.ts';
import { isStillHeld } from '../process/linuxPorts.ts';
import { listenerBelongsTo, type PortOwnership } from '../process/portOwner.ts';
import { waitUntilPortIsFree } from '../process/ports.ts';
import type { ProcessRun } from './processRun.ts';
import type { RunServices } from './runProgram.ts';

/** How long a port may stay bound after its process is gone, before this is no longer waited for. */
const releaseTimeoutMs = 5_000;

/** Whose a port is: before the start of a run, while it is probed, and after its end. */
export class RunPort {
  readonly #run: Pick<ProcessRun, 'id' | 'definition' | 'identity'>;
  readonly #services: Pick<RunServices, 'clock' | 'secrets'>;

  /** What was found of where it is ours, by address and port. */
  readonly #owned = new Map<string, PortOwnership>();

  /** Was the run ready? Its port, if it has one, was its own then. */
  wasOurs = false;

  constructor(
    run: Pick<ProcessRun, 'id' | 'definition' | 'identity'>,
    services: Pick<RunServices, 'clock' | 'secrets'>,
  ) {
    this.#run = run;
    this.#services = services;
  }

  /** Who has the port that the run is to listen on; undefined when it is free, or there is none. */
  async holder(): Promise<PortHolder | undefined> {
    const { port } = this.#run.definition;
    const holder = port === undefined ? undefined : await findPortHolder(port);
    return holder?.command === undefined
      ? holder
      : { ...holder, command: this.#services.secrets.mask(holder.command) };
  }

  /** A server that somebody else runs on our port must not be taken for ours. */
  async owns(port: number, address: string): Promise<ProbeResult> {
    const { id, identity } = this.#run;
    if (identity === undefined) return { ok: false, seen: '' };
    const place = `${address} ${port}`;
    const known = this.#owned.get(place);
    // To look for it takes some milliseconds, which would be most of what a healthy process costs. A
    // server that is closed lets go of its socket; to shut it down and hold it is not usual.
    if (known?.socket !== undefined && isStillHeld(known.socket)) {
      return { ok: true, seen: known.seen };
    }
    const found = await listenerBelongsTo(port, { ...identity, runId: id }, address);
    if (found.socket !== undefined) this.#owned.set(place, found);
    return { ok: found.owner !== 'foreign', seen: found.seen };
  }

  /**
   * Resolves when it is free again, or is no longer waited for. One that was never ours may be
   * somebody else's, and stay bound for ever.
   */
  async released(): Promise<void> {
    const { port } = this.#run.definition;
    if (port === undefined || !this.wasOurs) return;
    await waitUntilPortIsFree(port, {
      clock: this.#services.clock,
      timeoutMs: releaseTimeoutMs,
    });
  }
}
