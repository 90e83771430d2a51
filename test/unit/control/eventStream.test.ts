import assert from 'node:assert/strict';
import { EventStreamParser, formatEvent } from '../../../src/control/eventStream.ts';

describe('EventStreamParser', () => {
  const events = [{ kind: 'a', text: 'two\nlines' }, { kind: 'b' }];
  const stream = `:\n\n${events.map(formatEvent).join('')}`;

  for (const size of [1, 2, 7, stream.length]) {
    it(`finds every event in pieces of ${size} characters`, () => {
      const parser = new EventStreamParser();
      const found: string[] = [];
      for (let at = 0; at < stream.length; at += size) {
        found.push(...parser.push(stream.slice(at, at + size)));
      }
      assert.deepEqual(
        found.map((data) => JSON.parse(data) as unknown),
        events,
      );
    });
  }

  it('joins the lines of data of one event', () => {
    assert.deepEqual(new EventStreamParser().push('event: x\ndata: 1\ndata:2\n\n'), ['1\n2']);
  });
});
