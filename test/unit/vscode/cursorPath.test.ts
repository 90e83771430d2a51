import assert from 'node:assert/strict';
import { cursorPlace, type CursorPlace } from '../../../src/vscode/yaml/cursorPath.ts';

/** The place of the `|` in the text. */
function placeIn(text: string): CursorPlace {
  const lines = text.split('\n');
  const line = lines.findIndex((one) => one.includes('|'));
  const column = lines[line]!.indexOf('|');
  lines[line] = lines[line]!.replace('|', '');
  return cursorPlace(lines, line, column);
}

describe('cursorPlace', () => {
  const keys: [string, string, (string | number)[], string[]][] = [
    ['at the top', 'env: {}\n|', [], ['env']],
    ['in a list item', 'processes:\n  - name: a\n    |', ['processes', 0], ['name']],
    ['beside a dash', 'processes:\n  - |', ['processes', 0], []],
    ['half written', 'processes:\n  - name: a\n    po|', ['processes', 0], ['name']],
    [
      'between others',
      'processes:\n  - name: a\n    |\n    port: 1\n  - name: b\n    url: x',
      ['processes', 0],
      ['name', 'port'],
    ],
    ['in a list straight under its key', 'processes:\n- name: a\n  |', ['processes', 0], ['name']],
    ['in a map of processes', 'processes:\n  api:\n    |', ['processes', 'api'], []],
    [
      'in a map further in',
      'processes:\n  - name: a\n    restart:\n      policy: always\n      |',
      ['processes', 0, 'restart'],
      ['policy'],
    ],
    [
      'behind a map further in',
      'processes:\n  - name: a\n    restart:\n      policy: always\n    |',
      ['processes', 0],
      ['name', 'restart'],
    ],
    ['in braces', 'processes:\n  - name: a\n    ready: { |', ['processes', 0, 'ready'], []],
    ['in braces behind another key', 'processes:\n  - { name: a, |', ['processes', 0], ['name']],
    [
      'under a comment',
      'processes:\n  # note: this\n  - name: a\n\n    |',
      ['processes', 0],
      ['name'],
    ],
  ];
  for (const [what, text, path, siblings] of keys) {
    it(`knows a key ${what}`, () => {
      const place = placeIn(text);
      assert.deepEqual(place.path, path);
      assert.equal(place.canBeKey, true);
      assert.deepEqual([...place.siblings].toSorted(), siblings.toSorted());
    });
  }

  const values: [string, string, (string | number)[]][] = [
    ['of a key', 'processes:\n  - name: a\n    type: |', ['processes', 0, 'type']],
    ['beside a dash', 'processes:\n  - depends_on:\n      - |', ['processes', 0, 'depends_on', 0]],
    ['in brackets', 'processes:\n  - depends_on: [a, |', ['processes', 0, 'depends_on', 0]],
    ['in braces', 'processes:\n  - depends_on: { db: |', ['processes', 0, 'depends_on', 'db']],
    [
      'in braces in brackets',
      'env_file: [.env, { path: .b, required: |',
      ['env_file', 0, 'required'],
    ],
  ];
  for (const [what, text, path] of values) {
    it(`knows a value ${what}`, () => {
      const place = placeIn(text);
      assert.deepEqual(place.path, path);
      assert.equal(place.canBeValue, true);
    });
  }

  it('does not take the value of a key for a place of keys', () => {
    assert.equal(placeIn('processes:\n  - name: a\n    type: |').canBeKey, false);
  });
});
