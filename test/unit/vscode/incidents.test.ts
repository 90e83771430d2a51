import assert from 'node:assert/strict';
import type { FailureCode, FailureEvent } from '../../../src/controller/snapshot.ts';
import { toIncident } from '../../../src/vscode/incidents.ts';

function failure(name: string, code: FailureCode): FailureEvent {
  return { name, run: 1, failure: code, reason: 'exit code 1' };
}

describe('toIncident', () => {
  const db = failure('db', 'exited');
  const api = failure('api', 'dependency-failed');
  const web = failure('web', 'dependency-failed');

  it('leaves out those that only followed', () => {
    assert.deepEqual(toIncident([api, db, web], false), [db]);
  });

  it('tells of all that failed of themselves', () => {
    const other = failure('worker', 'spawn-error');
    assert.deepEqual(toIncident([db, other], false), [db, other]);
  });

  it('says nothing of followers when their cause was told a moment ago', () => {
    assert.equal(toIncident([api], true), undefined);
  });

  it('tells of followers when nothing else was told', () => {
    assert.deepEqual(toIncident([api, web], false), [api, web]);
  });

  it('tells of a new cause however recent the last one', () => {
    assert.deepEqual(toIncident([db], true), [db]);
  });
});
