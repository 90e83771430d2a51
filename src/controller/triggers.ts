import type { Clock } from '../base/clock.ts';
import type { EnvironmentModel, ProcessModel } from '../config/model.ts';
import type { StateFolder } from '../store/stateFolder.ts';
import { ProcessTriggers } from '../triggers/processTriggers.ts';
import { TriggerBook } from '../triggers/triggerBook.ts';
import type { ProcessFacts, TriggeredProcess } from '../triggers/triggeredProcess.ts';
import type { Companion, CompanionFacts, CompanionHost, CompanionRequest } from './companion.ts';

/** Lets schedules and watched files act on the processes of an environment. */
export class Triggers implements Companion {
  readonly #host: CompanionHost;
  readonly #clock: Clock;
  readonly #book: TriggerBook;
  /** Of the armed processes. */
  readonly #armed = new Map<string, ProcessTriggers>();
  #definitions = new Map<string, ProcessModel>();
  /** What was asked for while the book was still being read. */
  #early: CompanionRequest[] | undefined = [];
  #isDisposed = false;
  #opening: Promise<void> | undefined;

  constructor(host: CompanionHost, stateFolder: StateFolder, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
    this.#book = new TriggerBook(stateFolder);
  }

  /** Resolves when changes of files and times are noticed, as far as they are armed. */
  async ready(): Promise<void> {
    this.onRecovered();
    await this.#opening;
    await Promise.all([...this.#armed.values()].map((triggers) => triggers.ready()));
  }

  setModel(model: EnvironmentModel): void {
    this.#definitions = new Map(model.processes.map((process) => [process.name, process]));
    for (const [name, triggers] of this.#armed) this.#setDefinition(name, triggers);
  }

  /** Goes on with what an earlier host had armed, now that it is known how its processes are. */
  onRecovered(): void {
    this.#opening ??= this.#open();
  }

  /** What a person starts is armed, what they stop is not any more. */
  onRequest(request: CompanionRequest): void {
    if (this.#early !== undefined) {
      this.#early.push(request);
      this.onRecovered();
      return;
    }
    const { kind, by, names } = request;
    for (const name of names) {
      if (kind === 'stop') {
        // What stops for a rule of the file or with a start that failed goes on by that rule.
        if (by === 'you' || by === 'close' || by === 'config') this.#disarm(name);
      } else if (by === 'you' || by === 'autostart') {
        this.#arm(name);
        this.#armed.get(name)?.reset();
      }
    }
  }

  onStateChange({ name }: { readonly name: string }): void {
    this.#armed.get(name)?.onStateChange();
  }

  facts(name: string): CompanionFacts {
    const triggers = this.#armed.get(name);
    if (triggers === undefined) return {};
    return { nextScheduledAtMs: triggers.nextScheduledAtMs, triggerNote: triggers.note };
  }

  async flush(): Promise<void> {
    await this.#opening;
    await this.#book.flush();
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const triggers of this.#armed.values()) triggers.dispose();
    this.#armed.clear();
  }

  async #open(): Promise<void> {
    await this.#book.read();
    if (this.#isDisposed) return;
    for (const name of this.#book.names()) this.#arm(name);
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const request of early) this.onRequest(request);
  }

  #arm(name: string): void {
    if (this.#armed.has(name) || this.#isDisposed) return;
    this.#book.set(name, this.#book.get(name) ?? {});
    const triggers = new ProcessTriggers(this.#process(name), this.#clock, this.#book);
    this.#armed.set(name, triggers);
    this.#setDefinition(name, triggers);
  }

  #disarm(name: string): void {
    this.#armed.get(name)?.dispose();
    this.#armed.delete(name);
    this.#book.set(name, undefined);
    this.#host.announce(name);
  }

  /** One that is not in the file has no triggers, and stays armed: the file may be on its way back. */
  #setDefinition(name: string, triggers: ProcessTriggers): void {
    const { schedule, watch } = this.#definitions.get(name) ?? {};
    triggers.setDefinition({ schedule, watch });
    this.#host.announce(name);
  }

  #process(name: string): TriggeredProcess {
    const host = this.#host;
    // That a request was overtaken or failed shows in the state of the process.
    const settle = (result: Promise<unknown>): void => void result.catch(() => undefined);
    return {
      name,
      facts: () => factsOf(host, name),
      start: (by, detail) => settle(host.start([name], { by, ...(detail && { detail }) })),
      restart: (by, detail) => settle(host.restart([name], { by, ...(detail && { detail }) })),
      giveUp: (why) => {
        const run = host.process(name)?.run ?? 0;
        host.giveUp(name, { run, code: 'watch-loop', why, action: 'stop' });
      },
      announce: () => host.announce(name),
    };
  }
}

function factsOf(host: CompanionHost, name: string): ProcessFacts | undefined {
  const process = host.process(name);
  if (process === undefined) return undefined;
  const { kind, state, run, startedAtMs, stoppedBy } = process;
  return {
    kind,
    state,
    run,
    startedAtMs,
    isDownByRequest: stoppedBy !== undefined || run === 0,
    stoppedNeed: host.stoppedNeed(name),
  };
}
