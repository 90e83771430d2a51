import assert from 'node:assert/strict';
import { graphKey, graphPart, layOutGraph, nodeSize } from '../../../src/webview/graphLayout.ts';
import type { TimelineBar } from '../../../src/webview/messages.ts';
import { sparkline, sparklineLength } from '../../../src/webview/sparkline.ts';
import { drawTimeline, scaleMarks, spanText } from '../../../src/webview/timelineBars.ts';
import { scrollToRow, visibleRows } from '../../../src/webview/virtualRows.ts';
import { fill } from '../../../src/webview/words.ts';

const node = (id: string, ...needs: string[]) => ({
  id,
  dependsOn: needs.map((one) => ({ id: one })),
});

describe('visibleRows', () => {
  it('draws a window of a thousand rows, with a few beyond its edges', () => {
    assert.deepEqual(visibleRows(0, 460, 46, 1000), { first: 0, end: 16 });
    assert.deepEqual(visibleRows(4600, 460, 46, 1000), { first: 94, end: 116 });
    assert.deepEqual(visibleRows(999_999, 460, 46, 1000), { first: 1000, end: 1000 });
    assert.deepEqual(visibleRows(0, 460, 46, 3), { first: 0, end: 3 });
    assert.deepEqual(visibleRows(0, 0, 46, 0), { first: 0, end: 0 });
  });

  it('scrolls no further than it has to', () => {
    assert.equal(scrollToRow(3, 0, 460, 46), 0);
    assert.equal(scrollToRow(10, 0, 460, 46), 46);
    assert.equal(scrollToRow(2, 460, 460, 46), 92);
  });
});

describe('sparkline', () => {
  it('ends at the right edge, however few values there are', () => {
    assert.equal(sparkline([], 59, 20, 10), '');
    assert.equal(sparkline([1], 59, 20, 10), '');
    assert.equal(sparkline([0, 10], 59, 20, 10), 'M58 20L59 0');
  });

  it('shows the latest, and makes no mountains of noise', () => {
    const values = [...Array(500).keys()].map(() => 0.1);
    const path = sparkline(values, 59, 20, 10);
    assert.equal(path.split('L').length, sparklineLength);
    assert.ok(path.startsWith('M0 19.8'), path);
  });
});

describe('layOutGraph', () => {
  it('puts dependencies to the left of what needs them, and nothing on top of anything', () => {
    const layout = layOutGraph([
      node('db'),
      node('migrate', 'db'),
      node('api', 'db', 'migrate'),
      node('web', 'api'),
      node('worker', 'migrate', 'gone'),
    ]);
    const at = (id: string) => layout.nodes.get(id)!;
    assert.ok(at('db').x < at('migrate').x && at('migrate').x < at('api').x);
    assert.ok(at('api').x < at('web').x);
    assert.equal(layout.edges.length, 5);
    for (const { from, to, points } of layout.edges) {
      assert.deepEqual(points[0], { x: at(from).x + nodeSize.width / 2, y: at(from).y });
      assert.deepEqual(points.at(-1), { x: at(to).x - nodeSize.width / 2, y: at(to).y });
    }
    const places = [...layout.nodes.values()];
    for (const [i, a] of places.entries()) {
      assert.ok(a.x - nodeSize.width / 2 >= 0 && a.x + nodeSize.width / 2 <= layout.width);
      for (const b of places.slice(i + 1)) {
        const apart =
          Math.abs(a.x - b.x) >= nodeSize.width || Math.abs(a.y - b.y) >= nodeSize.height;
        assert.ok(apart, JSON.stringify([a, b]));
      }
    }
  });

  it('is done again only for another graph, not for other states', () => {
    const before = [{ ...node('a'), state: 'x' }, node('b', 'a')];
    const after = [{ ...node('a'), state: 'y' }, node('b', 'a')];
    assert.equal(graphKey(before), graphKey(after));
    assert.notEqual(graphKey(before), graphKey([node('a'), node('b')]));
  });
});

describe('graphPart', () => {
  const chain = [...Array(500).keys()].map((i) => node(`p${i}`, ...(i === 0 ? [] : [`p${i - 1}`])));

  it('shows all of a graph that fits', () => {
    assert.deepEqual(graphPart(chain.slice(0, 5), undefined), {
      nodes: chain.slice(0, 5),
      isWhole: true,
    });
  });

  it('shows of a large one the neighbourhood of the chosen one', () => {
    assert.deepEqual(graphPart(chain, undefined), { nodes: [], isWhole: false });
    const { nodes, isWhole } = graphPart(chain, 'p250', 41);
    assert.equal(isWhole, false);
    const numbers = nodes.map(({ id }) => Number(id.slice(1)));
    assert.ok(numbers.length <= 41 && numbers.length >= 39, String(numbers.length));
    assert.ok(Math.min(...numbers) >= 229 && Math.max(...numbers) <= 271);
    assert.deepEqual(graphPart(chain, 'nobody').nodes, []);
  });

  it('comes to an end where dependencies go in a circle', () => {
    const circle = [node('a', 'b'), node('b', 'a'), node('c')];
    assert.equal(graphPart(circle, 'a', 2).nodes.length, 2);
  });
});

describe('drawTimeline', () => {
  const bar = (name: string, times: Partial<TimelineBar>): TimelineBar => ({
    ...{ id: name, name, waitingFromMs: 1000, startedAtMs: undefined, upAtMs: undefined },
    ...{ hasFailed: false, isCritical: false },
    ...times,
  });

  it('divides the whole time into waiting and starting', () => {
    const { totalMs, bars } = drawTimeline(
      {
        folder: 'f',
        startedAtMs: 1000,
        endedAtMs: 3000,
        omitted: 0,
        bars: [
          bar('db', { startedAtMs: 1000, upAtMs: 2000 }),
          bar('api', { startedAtMs: 2000, upAtMs: 3000 }),
        ],
      },
      9000,
    );
    assert.equal(totalMs, 2000);
    assert.deepEqual(
      bars.map(({ wait, work }) => [wait, work]),
      [
        [
          { from: 0, to: 0 },
          { from: 0, to: 0.5 },
        ],
        [
          { from: 0, to: 0.5 },
          { from: 0.5, to: 1 },
        ],
      ],
    );
  });

  it('goes up to now while it is under way', () => {
    const { totalMs, bars } = drawTimeline(
      {
        folder: 'f',
        startedAtMs: 1000,
        endedAtMs: undefined,
        omitted: 0,
        bars: [bar('db', { startedAtMs: 1000 }), bar('api', {})],
      },
      5000,
    );
    assert.equal(totalMs, 4000);
    assert.deepEqual(bars[0]?.work, { from: 0, to: 1 });
    assert.deepEqual(bars[1]?.work, undefined);
    assert.deepEqual(bars[1]?.wait, { from: 0, to: 1 });
  });

  it('has a scale of a few round times', () => {
    assert.deepEqual(scaleMarks(2000), [0, 500, 1000, 1500, 2000]);
    assert.deepEqual(scaleMarks(4100), [0, 1000, 2000, 3000, 4000]);
    assert.ok(scaleMarks(1).length >= 1);
    assert.deepEqual([80, 1234, 12_345].map(spanText), ['80 ms', '1.2 s', '12 s']);
  });
});

describe('fill', () => {
  it('puts values in, and nothing into values', () => {
    assert.equal(fill('{0} of {1}', 3, 4), '3 of 4');
    assert.equal(fill('{0}: {1}', '{1}', 'b'), '{1}: b');
    assert.equal(fill('{2}', 1), '{2}');
  });
});
