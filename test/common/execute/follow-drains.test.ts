import assert from 'node:assert/strict';
import type { Drain } from '../../../tasks/common/drain/drain.ts';
import { followDrains } from '../../../tasks/common/execute/follow-drains.ts';
import { Failure } from '../../../tasks/common/failure.ts';
import { emptyLogbook, entryOf, noteErrand } from '../../../tasks/common/rollout/logbook.ts';
import { lookupMs } from '../../../tasks/common/rollout/state.ts';
import { fleet, newImage } from '../../support/fleet-picture.ts';

describe('followDrains', () => {
  const { nodes } = fleet('old!', { maxUnavailable: 1 });
  const [id = ''] = nodes.map((node) => node.id);
  const silent = () => {};
  const failing = (code: string): Drain => ({
    start: async () => {},
    cancel: async () => {},
    status: async () => {
      throw new Failure(code, 'no answer', '');
    },
  });

  const cases = [
    { name: 'goes on with a drain that it began', began: true, kind: 'draining' },
    { name: 'makes no drain of a sick node that nobody drains', began: false, kind: undefined },
  ];
  for (const { name, began, kind } of cases)
    it(`${name}, when its status can't be read for a while`, async () => {
      const empty = emptyLogbook(0);
      const before = began ? noteErrand(empty, id, { kind: 'draining', since: 0, certain: true }) : empty;
      const after = await followDrains(before, nodes, newImage, failing('HostNotFound'), 5, silent);
      assert.equal(entryOf(after, id).errand?.kind, kind);
    });

  const nothing: Drain = { start: async () => {}, cancel: async () => {}, status: async () => ({ kind: 'none' }) };
  const lookedUp = [
    { name: 'looks for a drain whose start got no answer', certain: false, now: lookupMs - 1, kind: 'draining' },
    { name: 'lets a node rest again whose drain never began', certain: false, now: lookupMs, kind: undefined },
    { name: 'looks once more whether a drain is gone, since the node may be', certain: true, now: 1, kind: 'draining' },
    { name: 'takes a drain that is gone for a failed one', certain: true, missed: true, now: 1, kind: 'drainFailed' },
  ] as const;
  for (const { name, now, kind, ...known } of lookedUp)
    it(name, async () => {
      const before = noteErrand(emptyLogbook(0), id, { kind: 'draining', since: 0, ...known });
      const after = await followDrains(before, nodes, newImage, nothing, now, silent);
      assert.equal(entryOf(after, id).errand?.kind, kind);
    });

  it('knows that a drain has begun once its status shows it', async () => {
    const before = noteErrand(emptyLogbook(0), id, { kind: 'draining', since: 0, certain: false });
    const running: Drain = { ...nothing, status: async () => ({ kind: 'running' }) };
    const after = await followDrains(before, nodes, newImage, running, 1, silent);
    assert.deepEqual(entryOf(after, id).errand, { kind: 'draining', since: 0, certain: true });
  });

  it('does not go on where the status is refused', () =>
    assert.rejects(followDrains(emptyLogbook(0), nodes, newImage, failing('AccessDenied'), 5, silent), {
      code: 'AccessDenied',
    }));
});
