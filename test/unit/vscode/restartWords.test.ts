import assert from 'node:assert/strict';
import { restartCountsText } from '../../../src/vscode/restartWords.ts';

describe('restartCountsText', () => {
  it('tells restarts apart by what began them', () => {
    assert.equal(restartCountsText({}), undefined);
    assert.equal(restartCountsText({ crash: 0 }), undefined);
    assert.equal(
      restartCountsText({ you: 1, crash: 2, config: 3, health: 4 }),
      '2 after a crash, 4 when unhealthy, 1 by you, 3 otherwise',
    );
  });
});
