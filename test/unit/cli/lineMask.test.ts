import assert from 'node:assert/strict';
import { DevEnvError } from '../../../src/base/errors.ts';
import { LineMask, type MaskingOwner } from '../../../src/cli/lineMask.ts';
import { type ControlEvent, protocolVersion } from '../../../src/control/protocol.ts';

const hostEnv = { DEV_ENV_SECRET_OWN: 'own-secret' };
const lines = ['of the owner-secret', 'of the own-secret'];
const masked = ['of the •••', 'of the •••'];
const ownOnly = ['of the owner-secret', 'of the •••'];

function status(hasSecrets: boolean | undefined): ControlEvent {
  return {
    kind: 'status',
    status: {
      protocol: protocolVersion,
      folder: '/shop',
      configPath: '/shop/dev-env.yaml',
      processes: [],
      hasSecrets,
    },
  };
}

/** An owner that masks, after `before`. */
function owner(before: () => Promise<void> = () => Promise.resolve()): MaskingOwner {
  return {
    mask: async (all) => {
      await before();
      return all.map((line) => line.replaceAll('owner-secret', '•••'));
    },
  };
}

const gone = (): Promise<void> => Promise.reject(new DevEnvError('owner-left', 'It has left.'));

describe('LineMask', () => {
  it('hides what the command was given, without asking where there is nobody to ask', () => {
    const mask = new LineMask({ hostEnv });
    assert.deepEqual(mask.now(lines), ownOnly);
    mask.hear(owner(), status(false));
    assert.deepEqual(mask.now(lines), ownOnly);
    // One of an earlier version.
    mask.hear(owner(), status(undefined));
    assert.deepEqual(mask.now(lines), ownOnly);
  });

  it('asks an owner that knows secrets, also one that has learned the first one since', async () => {
    const mask = new LineMask({ hostEnv });
    const first = owner();
    mask.hear(first, status(false));
    mask.hear(first, { kind: 'secrets' });
    assert.equal(mask.now(lines), undefined);
    assert.deepEqual(await mask.later(lines), masked);
    const second = owner();
    mask.hear(second, status(true));
    // The stream of the one before ends late.
    mask.hear(first, { kind: 'end' });
    assert.equal(mask.now(lines), undefined);
    assert.deepEqual(await mask.later(lines), masked);
  });

  it('waits for the next owner when one with secrets has left', async () => {
    const mask = new LineMask({ hostEnv, patienceMs: Number.POSITIVE_INFINITY });
    const first = owner();
    mask.hear(first, status(true));
    mask.hear(first, { kind: 'end' });
    assert.equal(mask.now(lines), undefined);
    const later = mask.later(lines);
    mask.hear(owner(), status(true));
    assert.deepEqual(await later, masked);
  });

  it('asks the next owner when one leaves in the middle of an answer', async () => {
    const mask = new LineMask({ hostEnv, patienceMs: Number.POSITIVE_INFINITY });
    let leave = (): void => undefined;
    const first = owner(() => new Promise<void>((_, reject) => (leave = reject)).catch(gone));
    mask.hear(first, status(true));
    const later = mask.later(lines);
    mask.hear(first, { kind: 'end' });
    leave();
    mask.hear(owner(), status(true));
    assert.deepEqual(await later, masked);
  });

  it('asks once more where a call was lost and the owner is still there', async () => {
    const mask = new LineMask({ hostEnv });
    let calls = 0;
    mask.hear(
      owner(() => (++calls === 1 ? gone() : Promise.resolve())),
      status(true),
    );
    assert.deepEqual(await mask.later(lines), masked);
    assert.equal(calls, 2);
  });

  it('hides what only an owner knows that has gone for good as little as it can, and says so', async () => {
    const mask = new LineMask({ hostEnv, patienceMs: 20 });
    const first = owner();
    mask.hear(first, status(true));
    mask.hear(first, { kind: 'end' });
    const { result, said } = await listening(() => mask.later(lines));
    assert.deepEqual(result, ownOnly);
    assert.match(said, /not hidden from here on/);
    assert.deepEqual(mask.now(lines), ownOnly);
  });

  it('shows nothing of lines that an owner does not mask', async () => {
    const mask = new LineMask({ hostEnv });
    mask.hear(
      owner(() => Promise.reject(new DevEnvError('bad-request', 'No.'))),
      status(true),
    );
    assert.deepEqual(await mask.later(lines), ['•••', '•••']);
  });

  it('ends every wait when nobody waits any more', async () => {
    const waiting = new LineMask({ hostEnv, patienceMs: Number.POSITIVE_INFINITY });
    const first = owner();
    waiting.hear(first, status(true));
    waiting.left();
    const asking = new LineMask({ hostEnv });
    asking.hear(
      owner(() => new Promise(() => undefined)),
      status(true),
    );
    const both = Promise.all([waiting.later(lines), asking.later(lines)]);
    waiting.close();
    asking.close();
    for (const shown of await both) assert.deepEqual(shown, ['•••', '•••']);
    assert.deepEqual(waiting.now(lines), ['•••', '•••']);
    // Where nobody has to be asked, nothing is lost.
    const alone = new LineMask({ hostEnv });
    alone.close();
    assert.deepEqual(alone.now(lines), ownOnly);
  });
});

/** What is said on standard error meanwhile; it is not shown. */
async function listening<T>(work: () => Promise<T>): Promise<{ result: T; said: string }> {
  const write = process.stderr.write.bind(process.stderr);
  let said = '';
  process.stderr.write = (text: string | Uint8Array): boolean => {
    said += String(text);
    return true;
  };
  try {
    return { result: await work(), said };
  } finally {
    process.stderr.write = write;
  }
}
