import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { formatRecord, parseRecord, type RunRecord } from '../../../src/store/runRecord.ts';
import { exampleRecord } from './exampleRecord.ts';

const parse = (text: string): ReturnType<typeof parseRecord> => parseRecord(text, () => true);

describe('a run record', () => {
  const record = exampleRecord({ name: 'api', pid: 4711, startTime: '123456' });
  const text = formatRecord(record);

  it('is read as it was written', () => {
    assert.deepEqual(parse(text), { record });
    const intent = exampleRecord({ name: 'db' });
    assert.deepEqual(parse(formatRecord(intent)), { record: intent });
  });

  it('is not believed when cut off at any byte', () => {
    const bytes = Buffer.from(text);
    for (let length = 0; length < bytes.length - 1; length += 1) {
      assert.deepEqual(parse(bytes.toString('utf8', 0, length)), { fault: 'corrupt' });
    }
  });

  it('is not believed when any byte was changed', () => {
    const bytes = Buffer.from(text);
    const isUnchanged = (changed: Buffer): boolean => {
      const { record: read } = parse(changed.toString());
      return read === undefined || isDeepStrictEqual(read, record);
    };
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Buffer.from(bytes);
        changed[at] = changed[at]! ^ mask;
        assert.ok(isUnchanged(changed), changed.toString());
      }),
      { numRuns: 3000 },
    );
  });

  it('is not believed when parts of two are mixed', () => {
    const other = formatRecord(exampleRecord({ name: 'api', pid: 999_999, startTime: '99' }));
    for (let cut = 1; cut < Math.min(text.length, other.length); cut += 1) {
      const { record: read } = parse(text.slice(0, cut) + other.slice(cut));
      assert.ok(read === undefined || read.pid === 4711 || read.pid === 999_999);
      if (read !== undefined) assert.equal(read.startTime, read.pid === 4711 ? '123456' : '99');
    }
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })), (any) => {
        assert.notEqual(parse(any).fault, undefined);
      }),
      { numRuns: 500 },
    );
  });

  it('of version 1 is read: it lacks only what came later', () => {
    const { record: read } = parse(text.replace('"version":2', '"version":1'));
    assert.equal(read?.pid, record.pid);
    assert.equal(read?.attempts, undefined);
  });

  it('names a newer version', () => {
    assert.deepEqual(parse('{"version":3,"more":{}}'), { fault: 'newer-version' });
    assert.deepEqual(parse(text.replace('"version":2', '"version":7')), { fault: 'newer-version' });
  });

  const refused: [name: string, change: Partial<Record<keyof RunRecord | 'env', unknown>>][] = [
    ['a PID of init', { pid: 1 }],
    ['a PID that means everything', { pid: -1 }],
    ['a PID that means my group', { pid: 0 }],
    ['a process group of 0', { processGroup: 0 }],
    ['a PID that is not a whole number', { pid: 1.5 }],
    ['a start time without a PID', { pid: undefined, startTime: '5', processGroup: undefined }],
    ['a port out of range', { ports: [70_000] }],
    ['an unknown state', { state: 'flying' }],
    ['something that has no place in it', { env: { TOKEN: 'x' } }],
    ['a name that no process can have', { name: '../x' }],
    ['a negative count', { restarts: -1 }],
  ];
  for (const [name, change] of refused) {
    it(`does not take ${name}, even under a right checksum`, () => {
      const wrong = formatRecord({ ...record, ...change } as RunRecord);
      assert.deepEqual(parse(wrong), { fault: 'corrupt' });
    });
  }
});
