import type { Disposable } from '../base/disposable.ts';
import { DevEnvError, errorMessage } from '../base/errors.ts';
import type { EnvironmentModel } from '../config/model.ts';
import type { ControlEvent, ControlledProcess } from '../control/protocol.ts';
import { dependenciesOf } from '../graph/dependencyGraph.ts';
import { namesOfAll, resolveTargets } from '../controller/targets.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import { type Context, note } from './context.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import { type Hold, takeHold } from './hold.ts';
import { reloadModel } from './loadModel.ts';
import { LineMask } from './lineMask.ts';
import { LogFollower, LogView } from './logView.ts';
import { isAtRest, newsOf } from './words.ts';

/**
 * `dev-env up` in a terminal: starts processes and shows what they say, until all of them have
 * ended or somebody interrupts it. When a window of the editor takes the environment over, it goes
 * on as an onlooker of that; when the owner goes away, as the owner.
 */
export class Foreground {
  readonly #context: Context;
  readonly #stateFolder: StateFolder;
  readonly #asked: readonly string[] | undefined;
  #model: EnvironmentModel;
  /** An owner that leaves has a successor: if nobody else, this command. */
  readonly #mask = new LineMask({ patienceMs: Number.POSITIVE_INFINITY });
  readonly #view: LogView;
  readonly #logs: LogFollower;
  /** Those that were asked for, with what they need: when these have ended, so does the command. */
  readonly #concerned: ReadonlySet<string>;
  readonly #processes = new Map<string, ControlledProcess>();
  /** What ran before is left running by an interrupt, if somebody else runs it. */
  #ranBefore: ReadonlySet<string> | undefined;
  #hold: Hold | undefined;
  #subscription: Disposable | undefined;
  #hasStarted = false;
  #hasFailed = false;
  #interrupts = 0;
  #end: (exitCode: ExitCode) => void = () => undefined;
  readonly #ended = new Promise<ExitCode>((resolve) => {
    this.#end = resolve;
  });

  /** `asked` is undefined for all. */
  constructor(
    context: Context,
    stateFolder: StateFolder,
    model: EnvironmentModel,
    asked: readonly string[] | undefined,
  ) {
    this.#context = context;
    this.#stateFolder = stateFolder;
    this.#asked = asked;
    this.#model = model;
    this.#view = new LogView(context, this.#mask);
    this.#logs = new LogFollower(context.output, this.#view);
    const named =
      asked === undefined ? namesOfAll(model) : resolveTargets(model.processes, asked).names;
    this.#concerned = new Set(dependenciesOf(model.processes, named));
    this.#view.expect([...this.#concerned]);
  }

  async run(): Promise<ExitCode> {
    this.#listenForTheEnd();
    await this.#take();
    void this.#start();
    const exitCode = await this.#ended;
    this.#subscription?.dispose();
    // Between two owners: there is no next one for this command.
    if (this.#hold === undefined) this.#mask.close();
    await this.#logs.flush();
    this.#logs.dispose();
    await this.#hold?.release();
    return exitCode;
  }

  #listenForTheEnd(): void {
    process.on('SIGINT', () => this.#interrupt(exitCodes.interrupted));
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => this.#interrupt(exitCodes.terminated));
    }
    // `up | head`: there is nobody any more for whom to stay.
    this.#context.output.onClosed(() => this.#interrupt(exitCodes.ok));
  }

  async #take(): Promise<void> {
    const hold = await takeHold(
      this.#context,
      this.#stateFolder,
      this.#model,
      () => void this.#handOver(),
    );
    this.#hold = hold;
    this.#subscription = hold.target.follow((event) => {
      this.#mask.hear(hold.target, event);
      this.#on(event);
    });
  }

  async #start(): Promise<void> {
    const hold = this.#hold;
    try {
      const result = await hold?.target.start(
        this.#asked === undefined ? {} : { names: this.#asked },
      );
      if (result !== undefined && result.failed.length > 0) this.#hasFailed = true;
    } catch (error) {
      // The next owner finds what was begun, and goes on with it.
      if (!(error instanceof DevEnvError && error.code === 'owner-left')) {
        note(errorMessage(error));
        this.#end(exitCodes.failed);
      }
    }
    this.#hasStarted = true;
    this.#endIfAllEnded();
  }

  #on(event: ControlEvent): void {
    switch (event.kind) {
      case 'status':
        this.#ranBefore ??= new Set(
          event.status.processes.filter((process) => !isAtRest(process)).map(({ name }) => name),
        );
        this.#look(event.status.processes);
        break;
      case 'change':
        this.#look(event.processes);
        break;
      case 'run':
        if (!this.#concerned.has(event.name)) break;
        // One that begins has no log yet; it is followed as soon as it has a PID.
        if (event.what === 'resumed') this.#logs.follow(event.name, event.logPath);
        if (event.what !== 'ended') break;
        this.#logs.follow(event.name, event.logPath);
        void this.#logs.end(event.logPath).then(() => this.#endIfAllEnded());
        break;
      case 'end':
        void this.#afterOwner();
        break;
      case 'failure':
      case 'secrets':
      case 'usage':
        break;
    }
    this.#endIfAllEnded();
  }

  #look(processes: readonly ControlledProcess[]): void {
    for (const process of processes) {
      const before = this.#processes.get(process.name);
      this.#processes.set(process.name, process);
      if (!this.#concerned.has(process.name)) continue;
      if (process.pid !== undefined && process.logPath !== undefined) {
        this.#logs.follow(process.name, process.logPath);
      }
      const news = newsOf(before, process);
      if (news !== undefined) this.#view.news(process.name, news.text, news.ink);
    }
  }

  #endIfAllEnded(): void {
    if (!this.#hasStarted || this.#interrupts > 0) return;
    const concerned = [...this.#processes.values()].filter(
      ({ name, kind }) => this.#concerned.has(name) && kind !== 'external',
    );
    if (!concerned.every(isAtRest)) return;
    const hasFailed = this.#hasFailed || concerned.some(({ state }) => state === 'failed');
    this.#end(hasFailed ? exitCodes.failed : exitCodes.ok);
  }

  /** The first one stops what this command started, in order; the second one does not wait. */
  #interrupt(exitCode: ExitCode): void {
    this.#interrupts += 1;
    const hold = this.#hold;
    if (hold === undefined || this.#interrupts > 2) {
      this.#mask.close();
      this.#end(exitCode);
      return;
    }
    const isForced = this.#interrupts === 2;
    note(isForced ? 'Killing…' : 'Stopping… (once more to kill)');
    void this.#stop(hold, isForced).then(() => this.#end(exitCode));
  }

  async #stop({ target, isOwner }: Hold, force: boolean): Promise<void> {
    // What nobody is left to supervise is stopped; another owner keeps what it had running.
    const started = [...this.#processes.values()]
      .filter((process) => !isAtRest(process))
      .filter(({ name, kind }) => kind !== 'external' && this.#ranBefore?.has(name) !== true)
      .map(({ name }) => name);
    if (!isOwner && started.length === 0) return;
    try {
      const result = await target.stop({
        ...(isOwner ? {} : { names: started, withDependents: false }),
        force,
      });
      for (const { name, reason } of result.failed) note(`${name}: ${reason}`);
    } catch (error) {
      note(errorMessage(error));
    }
  }

  /** A window of the editor runs it from now on. */
  async #handOver(): Promise<void> {
    const hold = this.#hold;
    if (hold === undefined || this.#interrupts > 0) return;
    this.#subscription?.dispose();
    this.#mask.left();
    await hold.release();
    note('The editor runs the environment now.');
    await this.#afterOwner();
  }

  async #afterOwner(): Promise<void> {
    this.#subscription?.dispose();
    this.#hold = undefined;
    try {
      // It may have been edited in the window that has gone.
      this.#model = await reloadModel(this.#context, this.#stateFolder).catch(() => this.#model);
      await this.#take();
    } catch (error) {
      note(errorMessage(error));
      // There is no next owner for this command.
      this.#mask.close();
      this.#end(exitCodes.unreachable);
    }
  }
}
