import { unlessAborted } from '../../base/unlessAborted.ts';

/** Puts one question to a person; undefined when they do not answer. Ends when the signal aborts. */
export type Ask = (signal: AbortSignal) => Promise<string | undefined>;

interface Question {
  readonly answer: Promise<string | undefined>;
  readonly ending: AbortController;
  waiting: number;
}

/** Questions to a person: the same one is put once for all who want to know, and one at a time. */
export class SharedQuestions {
  readonly #open = new Map<string, Question>();
  #last: Promise<unknown> = Promise.resolve();

  /** @throws DevEnvError `cancelled` when the signal aborts; the question goes with the last of them */
  async ask(key: string, ask: Ask, signal: AbortSignal): Promise<string | undefined> {
    const question = this.#open.get(key) ?? this.#put(key, ask);
    question.waiting++;
    try {
      return await unlessAborted(question.answer, signal);
    } finally {
      if (--question.waiting === 0) question.ending.abort();
    }
  }

  #put(key: string, ask: Ask): Question {
    const ending = new AbortController();
    const answer = this.#last.then(() => (ending.signal.aborted ? undefined : ask(ending.signal)));
    const question: Question = { answer, ending, waiting: 0 };
    this.#open.set(key, question);
    const close = (): void => {
      if (this.#open.get(key) === question) this.#open.delete(key);
    };
    this.#last = answer.then(close, close);
    // Who asks after it was given up gets a question of their own.
    ending.signal.addEventListener('abort', close, { once: true });
    return question;
  }
}
