import assert from 'node:assert/strict';
import { noteErrand } from '../../../tasks/common/rollout/logbook.ts';
import type { Node } from '../../../tasks/common/rollout/node.ts';
import {
  leftOut,
  lookupMs,
  type NodeState,
  perhapsLeftOut,
  type Situation,
  stateOf,
} from '../../../tasks/common/rollout/state.ts';
import { fleet } from '../../support/fleet-picture.ts';

/** A node on its old image that Azure was asked to upgrade so long ago. */
function asked(changes: Partial<Node>, agoMs: number, certain: boolean): Situation {
  const situation = fleet('old');
  const errand = { kind: 'replacing', since: situation.now - agoMs, certain } as const;
  const nodes = situation.nodes.map((node) => ({ ...node, ...changes }));
  return { ...situation, nodes, logbook: noteErrand(situation.logbook, '0', errand) };
}

describe('where a node is once its upgrade was asked for', () => {
  const cases: readonly (readonly [string, Partial<Node>, number, boolean, NodeState])[] = [
    ['is on its way while Azure has it', { provisioning: 'working' }, lookupMs, true, 'replacing'],
    ['is on its way though it shows its old state at first', { provisioning: 'failed' }, 1_000, true, 'replacing'],
    ['has failed when it stays so', { provisioning: 'failed' }, lookupMs, true, 'broken'],
    ['is asked again when the call never arrived', {}, lookupMs, false, 'drained'],
    ['is asked again also when it had failed before', { provisioning: 'failed' }, lookupMs, false, 'drained'],
    ['is not asked again before it was looked for long enough', {}, lookupMs - 1, false, 'replacing'],
    ['has failed when it stays on its old image', {}, 600_000, true, 'broken'],
  ];
  for (const [title, changes, agoMs, certain, state] of cases)
    it(title, () => {
      const situation = asked(changes, agoMs, certain);
      const [node] = situation.nodes;
      assert.ok(node);
      assert.equal(stateOf(node, situation), state);
    });

  it('must serve again when it stays on its old image after all', () => {
    assert.deepEqual(leftOut(asked({}, 600_000, true)), ['0']);
    assert.deepEqual(leftOut(asked({ provisioning: 'working' }, 600_000, true)), []);
  });

  it('may have been drained by a run that was killed', () => {
    assert.deepEqual(perhapsLeftOut(fleet('old! old! old new! busy')), ['0', '1']);
  });

  it('must serve again when it was drained for nothing', () => {
    assert.deepEqual(leftOut(fleet('drain drained stuck new old')), ['0', '1', '2']);
  });
});

describe('a node on the target that is not healthy', () => {
  const fallen = (changes: Partial<Node>): NodeState => {
    const situation = fleet('new^');
    const [node] = situation.nodes.map((one) => ({ ...one, ...changes }));
    assert.ok(node);
    return stateOf(node, situation);
  };
  const cases: readonly (readonly [string, Partial<Node>, NodeState])[] = [
    ['has fallen sick when it was healthy before', {}, 'relapsed'],
    ['has fallen sick, too, when its health is not known any more', { health: 'unknown' }, 'relapsed'],
    ['has fallen sick, too, when it was switched off', { running: false }, 'relapsed'],
    ['only boots while Azure is at work with it', { provisioning: 'working' }, 'settling'],
    ['has recovered when it is healthy again', { health: 'healthy' }, 'settling'],
  ];
  for (const [title, changes, state] of cases) it(title, () => assert.equal(fallen(changes), state));

  it("is nobody's failure when it asks to be left out, unless we have replaced it", () => {
    assert.equal(fallen({ leaveOut: true }), 'spared');
    const situation = fleet('moving');
    const [node] = situation.nodes.map((one) => ({ ...one, image: situation.target, leaveOut: true }));
    assert.ok(node);
    assert.equal(stateOf(node, situation), 'settling');
  });

  it('only boots before it was ever healthy', () => {
    const situation = fleet('new!');
    const [node] = situation.nodes;
    assert.ok(node);
    assert.equal(stateOf(node, situation), 'settling');
  });
});
