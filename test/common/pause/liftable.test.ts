import assert from 'node:assert/strict';
import { liftable } from '../../../tasks/common/pause/liftable.ts';
import type { RolloutRecord } from '../../../tasks/common/record/record.ts';
import type { Node } from '../../../tasks/common/rollout/node.ts';
import { fleet, newImage, oldImage } from '../../support/fleet-picture.ts';
import { record as written } from '../../support/rollout-record.ts';

describe('nodes whose protection may be lifted', () => {
  const record: RolloutRecord = { ...written, state: 'rolling', target: newImage, stable: oldImage };
  const [one, two, three] = fleet('old old old').nodes as [Node, Node, Node];
  const nodes: readonly Node[] = [
    { ...one, id: '10', protected: true },
    { ...two, id: '9', protected: true },
    { ...three, id: '11' },
  ];
  const owing = { ...record, paused: { protection: ['11', '99'] } };

  it('are those that are protected, in the order of their numbers', () =>
    assert.deepEqual(liftable('replace', nodes, record, undefined), ['9', '10']));

  for (const choice of ['skip', 'wait'] as const) {
    it(`are none where protected nodes are to ${choice}`, () =>
      assert.deepEqual(liftable(choice, nodes, record, undefined), []));

    it(`are those that an earlier run may have lifted also where protected nodes are to ${choice}, when they are still there`, () =>
      assert.deepEqual(liftable(choice, nodes, record, owing), ['11']));
  }

  it('are those of an earlier run beside those of this one', () =>
    assert.deepEqual(liftable('replace', nodes, record, owing), ['9', '10', '11']));

  const untouched: readonly (readonly [string, (node: Node) => Node])[] = [
    ['runs the goal', (node) => ({ ...node, image: newImage.toUpperCase() })],
    ['asks to be left out', (node) => ({ ...node, leaveOut: true })],
  ];
  for (const [why, change] of untouched)
    it(`include none that ${why}`, () => {
      const [first, ...others] = nodes as [Node, Node, Node];
      assert.deepEqual(liftable('replace', [change(first), ...others], record, undefined), ['9']);
    });

  it('are those alone that the stage names, where it names some', () =>
    assert.deepEqual(liftable('replace', nodes, { ...record, chosen: ['10', '11'] }, undefined), ['10']));

  it('are those away from the proven image on a way back', () =>
    assert.deepEqual(liftable('replace', nodes, { ...record, state: 'rollingBack' }, undefined), []));
});
