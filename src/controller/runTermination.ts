import { nobody } from '../process/identity.ts';
import type { RunningProcess } from '../process/spawn.ts';
import { stopTree, sweepTree } from '../process/stopTree.ts';
import type { RunTarget } from '../process/tree.ts';
import type { ProcessRun } from './processRun.ts';
import type { RunHeartbeat } from './runHeartbeat.ts';
import type { RunPort } from './runPort.ts';
import type { RunProgram, RunServices } from './runProgram.ts';
import type { ProcessEvent } from './state.ts';

/** What outlived its leader has nobody left to work for, in ms. */
const sweepGraceMs = 1_000;

/** Those who write down what a task has said still have work to do, which a slow disk may hold up. */
const writersGraceMs = 20_000;

/** How a run has come along; what ends it asks when it needs to know. */
export interface RunProgress {
  readonly process: RunningProcess | undefined;
  readonly spawnedAtMs: number;
  /** Its leader's PID may have been given to another program since: nothing is taken for granted. */
  readonly isTakenUp: boolean;
}

export interface RunTerminationOptions {
  readonly run: Pick<ProcessRun, 'id' | 'number' | 'definition' | 'identity' | 'launch'>;
  readonly progress: () => RunProgress;
  readonly program: RunProgram;
  readonly heartbeat: RunHeartbeat;
  readonly port: RunPort;
  readonly clock: RunServices['clock'];
  readonly report: (event: ProcessEvent) => void;
}

/** The end of the whole tree of a run, with the proof of it; reports `gone`. */
export class RunTermination {
  readonly #options: RunTerminationOptions;
  readonly #force = new AbortController();

  constructor(options: RunTerminationOptions) {
    this.#options = options;
  }

  /** Stops the whole tree by the definition's stop policy. */
  async terminate(): Promise<void> {
    const { run, progress, program, clock } = this.#options;
    const { stop } = run.definition;
    const { command } = stop;
    await this.#end(async () =>
      stopTree(this.#target(), {
        signal: stop.signal,
        graceMs: stop.timeoutMs,
        clock,
        ageMs: clock.now() - progress().spawnedAtMs,
        force: this.#force.signal,
        ...(command === undefined ? {} : { command: () => program.runBeside(command) }),
      }),
    );
  }

  /** Ends a running grace period: SIGKILL now. */
  kill(): void {
    this.#force.abort();
  }

  /** Removes what a leader that ended by itself left behind. */
  async sweep(): Promise<void> {
    const { run, progress, clock } = this.#options;
    const target = this.#target();
    const graceMs = run.launch?.stdoutPath === undefined ? sweepGraceMs : writersGraceMs;
    await this.#end(async () =>
      progress().isTakenUp
        ? stopTree(target, { signal: 'SIGTERM', graceMs, clock })
        : sweepTree(target, { clock, graceMs }),
    );
  }

  #target(): RunTarget {
    const { id, identity, launch, definition } = this.#options.run;
    const { controlGroups } = launch ?? {};
    const { envCommands, runner } = definition;
    const { isTakenUp } = this.#options.progress();
    // What an earlier host began may have been defined otherwise.
    const isLeaderOldest = !isTakenUp && envCommands.length === 0 && runner === undefined;
    return { ...(identity ?? nobody), runId: id, isLeaderOldest, controlGroups };
  }

  async #end(work: () => Promise<{ survivors: readonly { pid: number }[] }>): Promise<void> {
    const { run, progress, program, heartbeat, port, report } = this.#options;
    let survivors: number[];
    try {
      survivors = (await work()).survivors.map((survivor) => survivor.pid);
      if (survivors.length === 0) {
        // The end of the leader is news that must come before the end of the run.
        await progress().process?.exited;
        await program.cleanUp();
        heartbeat.dispose();
        await port.released();
      }
    } catch {
      // Not knowing is not proof: the leader is named as what may be left.
      survivors = run.identity === undefined ? [] : [run.identity.pid];
    }
    report({ kind: 'gone', run: run.number, survivors });
  }
}
