import assert from 'node:assert/strict';
import { watchAlerts } from '../../../tasks/common/execute/alert-watch.ts';
import { Failure } from '../../../tasks/common/failure.ts';

const alert = { rule: 'errors', on: 'shop', since: '09:00' };

describe('watchAlerts', () => {
  function watch(...answers: readonly ('quiet' | 'fired' | 'lost' | 'defect')[]) {
    const state = { now: 0, reads: 0 };
    const clock = { now: () => state.now, sleep: async () => {} };
    const read = async () => {
      const answer = answers[state.reads++];
      if (answer === 'lost') throw new Failure('Throttled', `no ${state.reads}`, '');
      if (answer === 'defect') throw new TypeError('ours');
      return answer === 'fired' ? [alert] : [];
    };
    const { seen } = watchAlerts(read, clock);
    const at = (now: number, atMostMs = 60_000) => {
      state.now = now;
      return seen(atMostMs);
    };
    return { at, state };
  }

  it('reads again only when what is known is too old', async () => {
    const { at, state } = watch('quiet', 'quiet', 'quiet');
    for (const now of [0, 59_999, 60_000, 70_000]) await at(now);
    assert.equal(state.reads, 2);
    await at(70_000, 10_000);
    assert.equal(state.reads, 3);
  });

  it('keeps since when, why, and what was fired before', async () => {
    const { at } = watch('fired', 'lost', 'lost', 'quiet', 'quiet');
    assert.deepEqual(await at(0), { fired: [alert], readSince: 0 });
    const unread = { since: 60_000, why: 'no 2' };
    assert.deepEqual(await at(60_000), { fired: [alert], readSince: 0, unread });
    assert.deepEqual(await at(120_000), { fired: [alert], readSince: 0, unread: { since: 60_000, why: 'no 3' } });
    assert.deepEqual(await at(180_000), { fired: [], readSince: 180_000 });
    assert.deepEqual(await at(240_000), { fired: [], readSince: 180_000 });
  });

  it('does not take a defect of ours for silence', () => assert.rejects(watch('defect').at(0), TypeError));
});
