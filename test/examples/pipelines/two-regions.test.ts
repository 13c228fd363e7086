import assert from 'node:assert/strict';
import type { ScaleSet } from '../../azure/compute/state.ts';
import { outline } from '../../pipeline/support/play-scratch.ts';
import { ExampleStage, stepOf, versionsOf } from '../../support/example-stage.ts';

const file = 'examples/pipelines/two-regions.yml';
const regions = ['koreacentral', 'japaneast'];

describe(file, function () {
  this.timeout(120_000);
  let stage: ExampleStage;
  let sets: readonly ScaleSet[];

  beforeEach(async () => {
    stage = await ExampleStage.open({
      behaviour: ({ id, disk }) =>
        id.includes('shop-japan') && disk.content === '3.0.0' ? 'never-healthy' : undefined,
    });
    const image = stage.addVersion({ version: '1.0.0', regions });
    sets = [
      stage.addSet({ name: 'shop-nodes', group: 'shop-korea', image, capacity: 2 }),
      stage.addSet({ name: 'shop-nodes', group: 'shop-japan', location: 'japaneast', image, capacity: 2 }),
    ];
  });
  afterEach(() => stage.close());

  const play = (appVersion: string) =>
    stage.play(file, { parameters: { appVersion, minReadySeconds: 5, nodeHealthTimeout: '2m' } });
  const versions = () => sets.map((set) => versionsOf(stage, set));

  it('publishes one image to both regions and brings both sets onto it', async () => {
    stage.bake('shop-2.0.0-1', '2.0.0');
    const played = await play('2.0.0');
    assert.equal(played.result.result, 'succeeded', played.story);
    assert.deepEqual(versions(), ['2.0.0 2.0.0', '2.0.0 2.0.0']);
    assert.equal(stepOf(played, 'publish').outputs['replicatedRegions'], 'koreacentral,japaneast');
    assert.deepEqual(stage.asked, ['shop-production for Regions']);
    for (const region of regions) assert.match(played.story, new RegExp(`In ${region} the nodes 0,1 run 2\\.0\\.0`));
    const [korea, japan] = played.result.stages[1]?.jobs ?? [];
    assert.ok(
      korea && japan && korea.startedAt < japan.finishedAt && japan.startedAt < korea.finishedAt,
      'side by side',
    );
  });

  it('takes both regions back when one of them fails', async () => {
    stage.bake('shop-3.0.0-1', '3.0.0');
    const played = await play('3.0.0');
    assert.deepEqual(
      outline(played.result).slice(3),
      [
        'Regions=failed',
        'Regions.Nodes.koreacentral=succeeded',
        'Regions.Nodes.japaneast=failed',
        'Regions.Back.koreacentral=succeeded',
        'Regions.Back.japaneast=succeeded',
        'Regions.Released=skipped',
      ],
      played.story,
    );
    assert.deepEqual(versions(), ['1.0.0 1.0.0', '1.0.0 1.0.0']);
  });
});
