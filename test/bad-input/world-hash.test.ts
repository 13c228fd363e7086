import assert from 'node:assert/strict';
import { addGroup } from '../azure/compute/builders.ts';
import { keyOf } from '../azure/core/ids.ts';
import { addLock } from '../azure/index.ts';
import { worldHash } from '../support/world-hash.ts';
import type { TaskName } from './support/case.ts';
import { runOn } from './support/run-case.ts';
import { openStage, type Stage } from './support/stage.ts';

describe('the hash of the world', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = openStage();
  });
  afterEach(() => stage.close());

  it('is the same for the same world, however often it is asked', () => {
    const first = worldHash(stage.world);
    assert.equal(worldHash(stage.world), first);
    stage.close();
    stage = openStage();
    assert.equal(worldHash(stage.world), first);
  });

  const changes: readonly (readonly [string, (stage: Stage) => unknown])[] = [
    ['a tag', ({ set }) => (set.tags = { ...set.tags, a: 'b' })],
    ['the image of the model', ({ set, ids }) => (set.properties = { ...set.properties, image: ids.v2 })],
    ['the number of nodes', ({ set }) => (set.sku = { ...set.sku, capacity: 4 })],
    ['an etag', ({ set }) => (set.etag += 1)],
    [
      'what a node runs',
      ({ world }) => (([...world.compute.instances.values()][1] as { power: string }).power = 'stopped'),
    ],
    ['a group more', ({ world }) => addGroup(world, 'new')],
    ['a version less', ({ world, ids }) => world.compute.versions.delete(keyOf(ids.v2))],
    ['an image less', ({ world, ids }) => world.compute.images.delete(keyOf(ids.image))],
    ['a lock', ({ world, ids }) => addLock(world, ids.set, 'ReadOnly')],
    ['a role less', ({ world }) => world.authorization.assignments.set('x', [])],
  ];
  for (const [what, change] of changes)
    it(`is another after ${what}`, () => {
      const before = worldHash(stage.world);
      change(stage);
      assert.notEqual(worldHash(stage.world), before);
    });

  it('is not another because somebody has looked', async () => {
    const { before, after, result } = await runOn(stage, 'UpgradeScaleSetNodes', {
      imageVersionId: stage.ids.elsewhere,
    });
    assert.deepEqual([result, after], ['Failed', before]);
  });

  for (const task of ['PublishGalleryVersion', 'UpgradeScaleSetNodes', 'RollbackScaleSet'] satisfies TaskName[])
    it(`is another after ${task} has done its work with the inputs that the table starts from`, async () => {
      const ending = await runOn(stage, task);
      assert.equal(ending.result, 'Succeeded', ending.lines.join('\n'));
      assert.notEqual(ending.after, ending.before);
      assert.notDeepEqual(ending.writes, []);
    });
});
