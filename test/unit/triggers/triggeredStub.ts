import type { ProcessFacts, TriggeredProcess } from '../../../src/triggers/triggeredProcess.ts';

/** Stands for a process: notes what its triggers ask for. */
export class TriggeredStub implements TriggeredProcess {
  readonly name = 'subject';
  readonly asked: string[] = [];
  state: ProcessFacts;

  constructor(state: Partial<ProcessFacts> = {}) {
    this.state = {
      kind: 'task',
      state: 'stopped',
      run: 0,
      startedAtMs: undefined,
      isDownByRequest: true,
      stoppedNeed: undefined,
      ...state,
    };
  }

  facts(): ProcessFacts {
    return this.state;
  }

  start(by: string, detail?: string): void {
    this.asked.push(['start', by, ...(detail === undefined ? [] : [detail])].join(' '));
  }

  restart(by: string, detail?: string): void {
    this.asked.push(['restart', by, ...(detail === undefined ? [] : [detail])].join(' '));
  }

  giveUp(why: string): void {
    this.asked.push(`give up: ${why}`);
  }

  announce(): void {
    // Nobody looks.
  }
}
