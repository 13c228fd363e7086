import assert from 'node:assert/strict';
import { assertMayTake, assertStillOurs } from '../../../tasks/common/record/ownership.ts';
import type { Owner, RolloutRecord } from '../../../tasks/common/record/record.ts';
import { record } from '../../support/rollout-record.ts';

const held: RolloutRecord = { ...record, state: 'rolling' };
const stranger: Owner = { ...record.owner, run: 'org/project/43', token: 'other' };
const before = record.owner.expires - 1;

describe('ownership', () => {
  it('is refused to another run while the owner may be at work', () => {
    assert.throws(() => assertMayTake(held, stranger, false, before), { code: 'RolloutHeldByAnotherRun' });
  });

  const allowed: readonly (readonly [string, () => void])[] = [
    [
      'is given to a later attempt of the same run',
      () => assertMayTake(held, { ...record.owner, attempt: '1.2', token: 'new' }, false, before),
    ],
    [
      'is given to another run when the owner’s time is over',
      () => assertMayTake(held, stranger, false, record.owner.expires),
    ],
    ['is given to another run that takes over', () => assertMayTake(held, stranger, true, before)],
    ['is free between stages', () => assertMayTake(record, stranger, false, before)],
    ['is free where there is no record', () => assertMayTake(undefined, stranger, false, before)],
  ];
  for (const [title, act] of allowed) it(title, act);

  it('is lost when another token stands in the record, or none', () => {
    assert.doesNotThrow(() => assertStillOurs(held, record.owner));
    assert.throws(() => assertStillOurs(held, stranger), { code: 'OwnershipLost' });
    assert.throws(() => assertStillOurs(undefined, record.owner), { code: 'RecordGone' });
  });
});
