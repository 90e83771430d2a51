import assert from 'node:assert/strict';
import { outputVariables } from '../../../src/controller/outputVariables.ts';

describe('the variables for colour and unbuffered output', () => {
  it('are there when nobody says otherwise', () => {
    assert.deepEqual(outputVariables({}), { FORCE_COLOR: '1', PYTHONUNBUFFERED: '1' });
  });

  it('leave what is said alone', () => {
    assert.deepEqual(outputVariables({ FORCE_COLOR: '0', PYTHONUNBUFFERED: '' }), {});
    assert.deepEqual(outputVariables({ NO_COLOR: '1' }), { PYTHONUNBUFFERED: '1' });
  });
});
