import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ScaleSet } from '../../azure/compute/state.ts';
import { outline } from '../../pipeline/support/play-scratch.ts';
import { ExampleStage, versionsOf } from '../../support/example-stage.ts';

const file = 'examples/pipelines/canary-increments.yml';
const steps = (job: string, hooks: Readonly<Record<string, string>>) =>
  Object.entries(hooks).map(([hook, result]) => `__default.${job}.${hook}=${result}`);

describe('examples/pipelines/canary-increments.yml', function () {
  this.timeout(120_000);
  let stage: ExampleStage;
  let set: ScaleSet;
  let shop: Shop;

  beforeEach(async () => {
    stage = await ExampleStage.open();
    set = stage.addSet({ name: 'shop-nodes', image: stage.addVersion({ version: '1.0.0' }), capacity: 4 });
    stage.addVersion({ version: '2.0.0' });
    stage.addVersion({ version: '3.0.0', content: '3.0.0 never-healthy' });
    shop = await openShop();
  });
  afterEach(async () => {
    await stage.close();
    shop.server.close();
  });

  const play = (imageVersion: string) =>
    stage.play(file, { parameters: { imageVersion, shopUrl: shop.url, minReadySeconds: 5, nodeHealthTimeout: '2m' } });

  it('brings a quarter, a half and all nodes onto the version, and asks the shop after each', async () => {
    const seen: string[] = [];
    shop.answer = () => {
      seen.push(versionsOf(stage, set));
      return 200;
    };
    const played = await play('2.0.0');
    assert.equal(played.result.result, 'succeeded', played.story);
    assert.deepEqual(seen, ['2.0.0 1.0.0 1.0.0 1.0.0', '2.0.0 2.0.0 1.0.0 1.0.0', '2.0.0 2.0.0 2.0.0 2.0.0']);
    assert.deepEqual(stage.asked, ['shop-production for __default']);
    assert.match(played.story, /Node 0 had 2\.0\.0 first/);
    assert.match(played.story, /Every node of shop-nodes runs 2\.0\.0/);
  });

  it('takes every node back when the shop does not answer, also those of the share before', async () => {
    shop.answer = () => (versionsOf(stage, set).startsWith('2.0.0 2.0.0') ? 500 : 200);
    const played = await play('2.0.0');
    assert.deepEqual(
      outline(played.result),
      [
        '__default=failed',
        ...steps('Nodes', {
          deploy_25: 'succeeded',
          postRouteTraffic_25: 'succeeded',
          deploy_50: 'succeeded',
          postRouteTraffic_50: 'failed',
          'on.failure': 'succeeded',
        }),
        '__default.Report=skipped',
      ],
      played.story,
    );
    assert.equal(versionsOf(stage, set), '1.0.0 1.0.0 1.0.0 1.0.0');
  });

  it('leaves what the run before has finished when the version is not there at all', async () => {
    const before = await play('2.0.0');
    assert.equal(before.result.result, 'succeeded', before.story);
    const played = await play('4.0.0');
    assert.deepEqual(
      outline(played.result),
      [
        '__default=failed',
        ...steps('Nodes', { deploy_25: 'failed', 'on.failure': 'succeeded' }),
        '__default.Report=skipped',
      ],
      played.story,
    );
    assert.match(
      played.story,
      /Nothing to take back: rollout \S+ of scale set shop-nodes was last held by run \S+, not/,
    );
    assert.equal(versionsOf(stage, set), '2.0.0 2.0.0 2.0.0 2.0.0');
  });

  it('stops at the first share when its node does not become healthy', async () => {
    const played = await play('3.0.0');
    assert.deepEqual(
      outline(played.result),
      [
        '__default=failed',
        ...steps('Nodes', { deploy_25: 'failed', 'on.failure': 'succeeded' }),
        '__default.Report=skipped',
      ],
      played.story,
    );
    assert.equal(versionsOf(stage, set), '1.0.0 1.0.0 1.0.0 1.0.0');
  });
});

interface Shop {
  readonly server: Server;
  readonly url: string;
  answer: () => number;
}

/** Where the pipeline asks for /health. */
async function openShop(): Promise<Shop> {
  const server = createServer((_, response) => response.writeHead(shop.answer()).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const shop: Shop = { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, answer: () => 200 };
  return shop;
}
