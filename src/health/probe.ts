import type { Event } from '../base/emitter.ts';
import type { Disposable } from '../base/disposable.ts';
import type { HeartbeatSource } from './heartbeatSocket.ts';

/** What one try of a probe saw, in words fit for "waiting: …". */
export interface ProbeResult {
  readonly ok: boolean;
  readonly seen: string;
}

/** One way to ask whether a process is there. */
export interface Probe {
  /**
   * Tries once. Keeps its own time limit; aborting the signal ends the try early. Never rejects:
   * whatever goes wrong is what was seen.
   */
  check(signal: AbortSignal): Promise<ProbeResult>;
  /** Fires when another try is likely to come out differently: those who wait need not. */
  readonly onDidChange?: Event<void>;
  /**
   * It is not asked but hears by itself, and a try tells what it has heard since the last one: it
   * should be asked for the first time after a whole interval.
   */
  readonly isListening?: true;
  dispose?(): void;
}

/** What probes need to know of the run they are about. */
export interface ProbeContext {
  readonly workdir: string;
  /** The environment of the run, its mark included, so that what a probe leaves behind is found. */
  readonly env: () => Promise<Readonly<Record<string, string>>>;
  /** Delivers each line of the run's output from its beginning, or those that are new. */
  readonly subscribeToLines: (
    listener: (line: string) => void,
    from?: 'beginning' | 'now',
  ) => Disposable;
  /**
   * Whether the listener behind `address` and `port` belongs to this run. Asked after a connection
   * to this machine has succeeded, so that another program's server is not taken for ours.
   */
  readonly ownsPort?: (port: number, address: string) => Promise<ProbeResult>;
  /** What the process says of itself; there where a probe asks for it. */
  readonly heartbeat?: HeartbeatSource | undefined;
  /** Hides secrets in what was seen. */
  readonly mask?: (text: string) => string;
}
