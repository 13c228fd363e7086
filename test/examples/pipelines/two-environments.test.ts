import assert from 'node:assert/strict';
import type { ScaleSet } from '../../azure/compute/state.ts';
import { outline } from '../../pipeline/support/play-scratch.ts';
import { ExampleStage, stepOf, versionsOf } from '../../support/example-stage.ts';

const file = 'examples/pipelines/two-environments.yml';

describe(file, function () {
  this.timeout(120_000);
  let stage: ExampleStage;
  let staging: ScaleSet;
  let production: ScaleSet;

  beforeEach(async () => {
    stage = await ExampleStage.open();
    const image = stage.addVersion({ version: '1.0.0' });
    stage.addVersion({ version: '2.0.0' });
    stage.addVersion({ version: '3.0.0', content: '3.0.0 never-healthy' });
    staging = stage.addSet({ name: 'shop-staging-nodes', group: 'shop-staging', image, capacity: 2 });
    production = stage.addSet({ name: 'shop-nodes', image, capacity: 3 });
  });
  afterEach(() => stage.close());

  it('brings staging onto the version at once, asks, and brings production one node first', async () => {
    const seen: string[] = [];
    const approvals = async (environment: string, name: string) =>
      seen.push(`${environment} for ${name}: ${versionsOf(stage, staging)}, ${versionsOf(stage, production)}`) > 0;
    const played = await stage.play(file, { parameters: { minReadySeconds: 5 }, approvals });
    assert.deepEqual(
      outline(played.result),
      [
        'Staging=succeeded',
        'Staging.Nodes.deploy=succeeded',
        'Production=succeeded',
        'Production.First.deploy=succeeded',
        'Production.Rest.deploy=succeeded',
      ],
      played.story,
    );
    assert.deepEqual(seen, [
      'shop-staging for Staging: 1.0.0 1.0.0, 1.0.0 1.0.0 1.0.0',
      'shop-production for Production: 2.0.0 2.0.0, 1.0.0 1.0.0 1.0.0',
    ]);
    assert.equal(versionsOf(stage, production), '2.0.0 2.0.0 2.0.0');
    assert.deepEqual(stepOf(played, 'upgrade').outputs['upgradedNodes'], '0,1,2');
  });

  it('takes staging back when the version fails there, and never asks for production', async () => {
    stage.edit('examples/pipelines/templates/release.yml', (text) => text.replace('2.0.0', '3.0.0'));
    stage.edit('examples/pipelines/templates/roll-out.yml', (text) => text.replace('default: 5m', 'default: 2m'));
    const played = await stage.play(file, { parameters: { minReadySeconds: 5 } });
    assert.deepEqual(
      outline(played.result),
      ['Staging=failed', 'Staging.Nodes.deploy=failed', 'Staging.Nodes.on.failure=succeeded', 'Production=skipped'],
      played.story,
    );
    assert.deepEqual(stage.asked, ['shop-staging for Staging']);
    assert.deepEqual(
      [staging, production].map((set) => versionsOf(stage, set)),
      ['1.0.0 1.0.0', '1.0.0 1.0.0 1.0.0'],
    );
  });
});
