import assert from 'node:assert/strict';
import { Masker } from '../../../src/base/masker.ts';
import { toDisposable } from '../../../src/base/disposable.ts';
import { MaskedStream } from '../../../src/vscode/terminals/maskedStream.ts';

/** What was written, and what a timer would do. */
function streamOf(...secrets: string[]): {
  stream: MaskedStream;
  shown: () => string;
  wait: () => void;
} {
  const masker = new Masker();
  masker.add(secrets);
  let shown = '';
  let due: (() => void) | undefined;
  const clock = {
    now: () => 0,
    schedule: (_ms: number, run: () => void) => {
      due = run;
      return toDisposable(() => (due = undefined));
    },
  };
  const stream = new MaskedStream(
    clock,
    () => masker,
    (text) => (shown += text),
  );
  return { stream, shown: () => shown, wait: () => due?.() };
}

describe('MaskedStream', () => {
  it('hides a secret wherever it is cut', () => {
    const text = 'the key is sesame-open, keep it';
    for (let cut = 0; cut <= text.length; cut += 1) {
      const { stream, shown } = streamOf('sesame-open');
      stream.push(text.slice(0, cut));
      stream.push(text.slice(cut));
      stream.flush();
      assert.equal(shown(), 'the key is •••, keep it', String(cut));
    }
  });

  it('hides a secret that comes letter by letter', () => {
    const { stream, shown } = streamOf('aaaa', 'aaab-long');
    for (const letter of 'xaaab-longyaaaaz') stream.push(letter);
    stream.flush();
    assert.equal(shown(), 'x•••y•••z');
  });

  it('shows at once what begins no secret, and after a while what goes on as none', () => {
    const { stream, shown, wait } = streamOf('password-1');
    stream.push('name: ');
    assert.equal(shown(), 'name: ');
    stream.push('pass');
    assert.equal(shown(), 'name: ');
    wait();
    assert.equal(shown(), 'name: pass');
    stream.push('port');
    assert.equal(shown(), 'name: passport');
  });
});
