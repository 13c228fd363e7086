import assert from 'node:assert/strict';
import type { ScaleSet } from '../../azure/compute/state.ts';
import { ExampleStage, stepOf, versionsOf } from '../../support/example-stage.ts';

const file = 'examples/pipelines/rollback.yml';

describe(file, function () {
  this.timeout(120_000);
  let stage: ExampleStage;
  let set: ScaleSet;
  let v1: string;

  beforeEach(async () => {
    stage = await ExampleStage.open();
    v1 = stage.addVersion({ version: '1.0.0' });
    set = stage.addSet({ name: 'shop-nodes', image: stage.addVersion({ version: '2.0.0' }), capacity: 2 });
  });
  afterEach(() => stage.close());

  const play = (parameters: Readonly<Record<string, string>>) =>
    stage.play(file, { parameters: { minReadySeconds: 5, ...parameters } });

  it('brings every node back to a version of choice, after somebody agreed', async () => {
    const played = await play({ imageVersion: '1.0.0', maxUnavailable: '100%' });
    assert.equal(played.result.result, 'succeeded', played.story);
    assert.deepEqual(stage.asked, ['shop-production for __default']);
    assert.equal(versionsOf(stage, set), '1.0.0 1.0.0');
    const { outcome, restoredImageId, badImageId } = stepOf(played, 'rollback').outputs;
    assert.deepEqual([outcome, restoredImageId, badImageId?.split('/').at(-1)], ['completed', v1, '2.0.0']);
    assert.match(played.story, /Nodes 0,1 went back to .*1\.0\.0/);
  });

  it('finds the version before in the record that a rollout has left', async () => {
    stage.addVersion({ version: '3.0.0' });
    const parameters = { imageVersion: '3.0.0', minReadySeconds: 5 };
    stage.edit('examples/pipelines/canary-increments.yml', (text) => text.replace(/curl [^\n]*/, 'true'));
    const rollout = await stage.play('examples/pipelines/canary-increments.yml', { parameters });
    assert.equal(versionsOf(stage, set), '3.0.0 3.0.0', rollout.story);
    const played = await play({});
    assert.equal(played.result.result, 'succeeded', played.story);
    assert.equal(versionsOf(stage, set), '2.0.0 2.0.0');
  });

  it('says what is missing, and changes nothing, where there is no record', async () => {
    const before = JSON.stringify(set);
    const played = await play({});
    assert.equal(played.result.result, 'failed');
    assert.match(played.story, /no rollout record in its tags.*NothingToRollBack/);
    assert.equal(JSON.stringify(set), before);
  });
});
