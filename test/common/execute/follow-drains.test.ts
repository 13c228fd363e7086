import assert from 'node:assert/strict';
import type { Drain } from '../../../tasks/common/drain/drain.ts';
import { followDrains } from '../../../tasks/common/execute/follow-drains.ts';
import { Failure } from '../../../tasks/common/failure.ts';
import { emptyLogbook, entryOf, noteErrand } from '../../../tasks/common/rollout/logbook.ts';
import { fleet, newImage } from '../../support/fleet-picture.ts';

describe('followDrains', () => {
  const { nodes } = fleet('old!', { maxUnavailable: 1 });
  const [id = ''] = nodes.map((node) => node.id);
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
      const before = began ? noteErrand(empty, id, { kind: 'draining', since: 0 }) : empty;
      const after = await followDrains(before, nodes, newImage, failing('HostNotFound'), 5);
      assert.equal(entryOf(after, id).errand?.kind, kind);
    });

  it('does not go on where the status is refused', () =>
    assert.rejects(followDrains(emptyLogbook(0), nodes, newImage, failing('AccessDenied'), 5), {
      code: 'AccessDenied',
    }));
});
