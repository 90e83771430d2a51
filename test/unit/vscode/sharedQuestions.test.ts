import assert from 'node:assert/strict';
import { type Ask, SharedQuestions } from '../../../src/vscode/secrets/sharedQuestions.ts';

const never = new AbortController().signal;

describe('questions to a person', () => {
  let questions: SharedQuestions;
  let asked: { key: string; answer: (value: string | undefined) => void; signal: AbortSignal }[];
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  beforeEach(() => {
    questions = new SharedQuestions();
    asked = [];
  });

  const takenBack = (): boolean[] => asked.map(({ signal }) => signal.aborted);

  function ask(key: string, signal: AbortSignal = never): Promise<string | undefined> {
    const put: Ask = (ending) =>
      new Promise((answer) => {
        asked.push({ key, answer, signal: ending });
        ending.addEventListener('abort', () => answer(undefined));
      });
    return questions.ask(key, put, signal).catch((error: unknown) => (error as Error).message);
  }

  it('are put once for all who ask the same, and anew later', async () => {
    const both = Promise.all([ask('a'), ask('a')]);
    await turn();
    assert.equal(asked.length, 1);
    asked[0]?.answer('1');
    assert.deepEqual(await both, ['1', '1']);
    const again = ask('a');
    await turn();
    asked[1]?.answer('2');
    assert.equal(await again, '2');
  });

  it('are put one at a time', async () => {
    const both = Promise.all([ask('a'), ask('b')]);
    await turn();
    assert.deepEqual(
      asked.map(({ key }) => key),
      ['a'],
    );
    asked[0]?.answer(undefined);
    await turn();
    assert.deepEqual(
      asked.map(({ key }) => key),
      ['a', 'b'],
    );
    asked[1]?.answer('2');
    assert.deepEqual(await both, [undefined, '2']);
  });

  it('are taken back when nobody waits for the answer any more, and not before', async () => {
    const first = new AbortController();
    const second = new AbortController();
    const both = [ask('a', first.signal), ask('a', second.signal)];
    await turn();
    first.abort();
    assert.equal(await both[0], 'cancelled');
    assert.deepEqual(takenBack(), [false]);
    second.abort();
    assert.equal(await both[1], 'cancelled');
    assert.deepEqual(takenBack(), [true]);
    // Somebody else who asks is asked for himself.
    const other = ask('a');
    await turn();
    asked[1]?.answer('3');
    assert.equal(await other, '3');
  });

  it('are not put at all when they were taken back while another was open', async () => {
    const open = ask('a');
    const controller = new AbortController();
    const waiting = ask('b', controller.signal);
    await turn();
    controller.abort();
    assert.equal(await waiting, 'cancelled');
    asked[0]?.answer('1');
    assert.equal(await open, '1');
    await turn();
    assert.equal(asked.length, 1);
  });
});
