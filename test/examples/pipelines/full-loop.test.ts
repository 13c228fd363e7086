import assert from 'node:assert/strict';
import type { ScaleSet } from '../../azure/compute/state.ts';
import { outline } from '../../pipeline/support/play-scratch.ts';
import { ExampleStage, stepOf, versionsOf } from '../../support/example-stage.ts';

const file = 'examples/azure-pipelines.yml';

describe(file, function () {
  this.timeout(120_000);
  let stage: ExampleStage;
  let set: ScaleSet;

  beforeEach(async () => {
    stage = await ExampleStage.open();
    set = stage.addSet({ name: 'shop-nodes', image: stage.addVersion({ version: '1.0.0' }), capacity: 3 });
  });
  afterEach(() => stage.close());

  const play = (appVersion: string, approvals?: (environment: string, stage: string) => Promise<boolean>) =>
    stage.play(file, {
      parameters: { appVersion, minReadySeconds: 5, nodeHealthTimeout: '2m' },
      ...(approvals && { approvals }),
    });

  it('bakes, publishes, brings one node onto the version, asks, and brings the rest', async () => {
    stage.bake('shop-2.0.0-1', '2.0.0');
    const seen: string[] = [];
    const played = await play(
      '2.0.0',
      async (environment) => seen.push(`${environment}: ${versionsOf(stage, set)}`) > 0,
    );
    assert.equal(played.result.result, 'succeeded', played.story);
    assert.deepEqual(seen, ['shop-canary: 1.0.0 1.0.0 1.0.0', 'shop-production: 2.0.0 1.0.0 1.0.0']);
    assert.equal(versionsOf(stage, set), '2.0.0 2.0.0 2.0.0');
    assert.match(stepOf(played, 'publish').outputs['imageVersionId'] ?? '', /\/images\/shop\/versions\/2\.0\.0$/);
    assert.match(played.story, /Instance 0 runs 2\.0\.0 since the canary/);
    assert.deepEqual(stage.baked(), ['init', 'validate', 'build']);
  });

  it('numbers each run anew when nobody gives a version', async () => {
    for (const version of ['1.0.1', '1.0.2']) {
      stage.bake(`shop-${version}`, version);
      const played = await stage.play(file, { parameters: { deploy: false } });
      assert.equal(played.result.result, 'succeeded', played.story);
      assert.equal(stepOf(played, 'publish').outputs['imageVersion'], version);
    }
  });

  it('takes the canary back, and asks for nothing more, when its node does not become healthy', async () => {
    stage.bake('shop-3.0.0-1', '3.0.0 never-healthy');
    const played = await play('3.0.0');
    assert.deepEqual(
      outline(played.result),
      [
        'Image=succeeded',
        'Image.Bake=succeeded',
        'Image.Publish=succeeded',
        'Canary=failed',
        'Canary.Nodes.deploy=failed',
        'Canary.Nodes.on.failure=succeeded',
        'Rest=skipped',
      ],
      played.story,
    );
    assert.deepEqual(stage.asked, ['shop-canary for Canary']);
    assert.equal(versionsOf(stage, set), '1.0.0 1.0.0 1.0.0');
  });

  it('leaves the canary as it is when somebody says no', async () => {
    stage.bake('shop-2.0.0-1', '2.0.0');
    const played = await play('2.0.0', async (environment) => environment !== 'shop-production');
    assert.deepEqual(
      played.result.stages.map(({ name, result }) => `${name} ${result}`),
      ['Image succeeded', 'Canary succeeded', 'Rest failed'],
      played.story,
    );
    assert.equal(versionsOf(stage, set), '2.0.0 1.0.0 1.0.0');
  });
});
