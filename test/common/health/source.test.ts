import assert from 'node:assert/strict';
import { presumed } from '../../../tasks/common/health/source.ts';
import type { Node } from '../../../tasks/common/rollout/node.ts';

const node: Node = {
  id: '3',
  name: 'web_3',
  zone: '',
  faultDomain: '',
  image: '/versions/1.0.0',
  provisioning: 'succeeded',
  running: true,
  health: 'unknown',
  protected: false,
  leaveOut: false,
  problem: '',
};

describe('a node that nobody asks', () => {
  it('has no time of health that the set reports', () =>
    assert.equal('healthTime' in presumed({ ...node, healthTime: 5 }), false));

  it('is taken to be healthy when it runs', () => assert.equal(presumed(node).health, 'healthy'));

  it('has been so for as long as we have seen it, whatever the set says', () =>
    assert.ok(!('healthTime' in presumed({ ...node, healthTime: 1 }))));

  const down: readonly Partial<Node>[] = [{ running: false }, { provisioning: 'working' }, { provisioning: 'failed' }];
  for (const changes of down)
    it(`is not when it does not: ${JSON.stringify(changes)}`, () =>
      assert.equal(presumed({ ...node, ...changes, health: 'healthy' }).health, 'unknown'));
});
