import assert from 'node:assert/strict';
import type { ScaleSet } from '../../azure/compute/state.ts';
import { ExampleStage, stepOf, versionsOf } from '../../support/example-stage.ts';

const file = 'examples/pipelines/pull-request.yml';

describe(file, function () {
  this.timeout(120_000);
  let stage: ExampleStage;
  let set: ScaleSet;
  let writes: string[];

  beforeEach(async () => {
    stage = await ExampleStage.open();
    set = stage.addSet({ name: 'shop-nodes', image: stage.addVersion({ version: '1.0.0' }), capacity: 4 });
    stage.addVersion({ version: '2.0.0' });
    writes = [];
    stage.world.observers.push(({ method, url }) => {
      if (method !== 'GET' && url.hostname.startsWith('management.')) writes.push(`${method} ${url.pathname}`);
    });
  });
  afterEach(() => stage.close());

  it('plans the upgrade that the pull request asks for, and writes nothing to Azure', async () => {
    const before = JSON.stringify(set);
    const played = await stage.play(file, { reason: 'PullRequest', sourceBranch: 'refs/pull/7/merge' });
    assert.equal(played.result.result, 'succeeded', played.story);
    const plan = stepOf(played, 'plan');
    assert.equal(plan.outputs['outcome'], 'planned');
    assert.match(plan.summaries.map(({ markdown }) => markdown).join(), /2\.0\.0/);
    assert.match(played.story, /only planned.*\| from \S+\/1\.0\.0\n.*\| to \S+\/2\.0\.0/s);
    assert.deepEqual([stage.asked, writes, versionsOf(stage, set)], [[], [], '1.0.0 1.0.0 1.0.0 1.0.0']);
    assert.equal(JSON.stringify(set), before);
  });

  it('is red, and writes nothing either, when the version is not in the region of the set', async () => {
    stage.addVersion({ version: '4.0.0', regions: ['westeurope'] });
    stage.edit('examples/pipelines/templates/release.yml', (text) => text.replace('2.0.0', '4.0.0'));
    const played = await stage.play(file);
    assert.equal(played.result.result, 'failed', played.story);
    assert.match(
      stepOf(played, 'plan')
        .issues.map(({ message }) => message)
        .join(),
      /koreacentral/,
    );
    assert.deepEqual([stage.asked, writes], [[], []]);
  });
});
