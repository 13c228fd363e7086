import assert from 'node:assert/strict';
import type { VirtualMachineScaleSetUpdate } from '@azure/arm-compute';
import { Failure } from '../../tasks/common/failure.ts';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { rollBack } from '../../tasks/RollbackScaleSet/roll-back.ts';
import { upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { UpgradeRequest } from '../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';
import type { Settings } from '../azure/core/settings.ts';
import { instancesOf } from '../support/fleet-guard.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request } from './upgrade-request.ts';

const canary = { drain, nodes: { kind: 'count', count: 1, text: '1' } } as const;
const bigger: VirtualMachineScaleSetUpdate = { sku: { name: 'Standard_D4s_v5' } };
const licensed: VirtualMachineScaleSetUpdate = { virtualMachineProfile: { licenseType: 'RHEL_BYOS' } };

describe('upgradeNodes and what others write into the model', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  const upgrade = (target: string, changes: Partial<UpgradeRequest> = {}, tools = shop.tools()) =>
    shop.play(upgradeNodes(request(target, { drain, ...changes }), tools));
  const write = (update: VirtualMachineScaleSetUpdate) =>
    shop.play(shop.tools().azure.compute.virtualMachineScaleSets.update('web', 'shop', update));
  /** Whatever becomes of the write: what the rollout makes of it is asked. */
  const writeInMidRollout = (update: VirtualMachineScaleSetUpdate) =>
    setTimeout(() => {
      const { virtualMachineScaleSets: sets } = shop.tools().azure.compute;
      sets.update('web', 'shop', update).catch(() => {});
    }, 100_000);
  const sizes = () => instancesOf(shop.world, shop.set).map(({ model }) => model.skuName);

  interface Pending {
    readonly title: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly settings?: Partial<Settings>;
    readonly prepare: (shop: Shop) => unknown;
    /** What is said of the drift; undefined where the rollout may begin. */
    readonly refused?: RegExp;
    readonly says?: RegExp;
  }
  const pending: readonly Pending[] = [
    {
      title: 'a size that no node has yet',
      prepare: () => write(bigger),
      refused: /upgrade would bring them too: shop_0 \(size standard_d2s_v5, model standard_d4s_v5\), shop_1/,
    },
    {
      title: 'a size that one node has already',
      prepare: async (s) => {
        await write(bigger);
        const { virtualMachineScaleSets: sets } = s.tools().azure.compute;
        await s.play(sets.updateInstances('web', 'shop', { instanceIds: ['0', '1', '2'] }));
      },
      refused: /bring them too: shop_3 \(size/,
    },
    {
      title: 'a size that came together with another image',
      prepare: async (s) => {
        await write(bigger);
        await write({ virtualMachineProfile: { storageProfile: { imageReference: { id: s.v2 } } } });
      },
      refused: /shop_0 \(size/,
    },
    {
      title: 'something that no node shows, in a set that nobody has tagged',
      prepare: () => write(licensed),
      refused: /shop_0 \(latestModelApplied is false, and its image is that of the model\)/,
    },
    {
      title: 'one node that somebody changed on its own',
      prepare: ({ world, set }) => {
        const [node] = instancesOf(world, set);
        if (node) node.ownNetwork = { networkInterfaceConfigurations: [] };
      },
      refused: /too: shop_0 \(its model was changed on the instance itself\)\.?$/,
    },
    {
      title: 'another image alone',
      prepare: (s) => write({ virtualMachineProfile: { storageProfile: { imageReference: { id: s.v2 } } } }),
    },
    {
      title: 'tags alone, where they make a model',
      settings: { tagWriteMakesModel: true },
      prepare: () => write({ tags: { team: 'blue' } }),
      says: /shop_0, .* have not the latest model, and nothing that can be seen of them differs/,
    },
    { title: 'tags alone, where they make none', prepare: () => write({ tags: { team: 'blue' } }) },
    {
      title: 'a size on a protected node, which stays as it is',
      prepare: async (s) => {
        await write(bigger);
        const { virtualMachineScaleSets: sets } = s.tools().azure.compute;
        await s.play(sets.updateInstances('web', 'shop', { instanceIds: ['0', '1', '2'] }));
        for (const node of instancesOf(s.world, s.set).slice(3))
          node.protection = { protectFromScaleIn: false, protectFromScaleSetActions: true };
      },
    },
  ];
  for (const { title, settings, prepare, refused, says } of pending) {
    it(`${refused ? 'refuses' : 'goes ahead with'} ${title}`, async () => {
      shop = openShop({ ...(settings && { settings }) });
      await prepare(shop);
      const before = shop.fingerprint();
      const tools = shop.tools();
      const run = upgrade(shop.v2, {}, tools);
      if (refused) {
        await assert.rejects(run, (error) => error instanceof Failure && refused.test(error.message));
        assert.equal(shop.fingerprint(), before);
        await assert.rejects(upgrade(shop.v2), { code: 'ModelDriftPending' });
      } else assert.equal((await run).ending.outcome, 'completed');
      if (says) assert.match(tools.lines.join('\n'), says);
      else assert.doesNotMatch(tools.lines.join('\n'), /have not the latest model/);
    });
  }

  it('lets what is pending come along when it is asked to, and says which nodes it changes', async () => {
    shop = openShop();
    await write(bigger);
    const tools = shop.tools();
    const { ending } = await upgrade(shop.v2, { allowModelDrift: true }, tools);
    assert.equal(ending.outcome, 'completed');
    assert.deepEqual(new Set(sizes()), new Set(['Standard_D4s_v5']));
    assert.match(tools.lines.join('\n'), /allowed by allowModelDrift: .* shop_0 \(size standard_d2s_v5/);
  });

  it('goes on with a stage after its own writes, and after one that is whole, as if nothing were pending', async () => {
    shop = openShop({ settings: { tagWriteMakesModel: true } });
    await upgrade(shop.v2, canary);
    assert.equal((await upgrade(shop.v2)).ending.outcome, 'completed');
    const tools = shop.tools();
    assert.equal((await upgrade(shop.v1, {}, tools)).ending.outcome, 'completed');
    assert.doesNotMatch(tools.lines.join('\n'), /have not the latest model/);
  });

  it('refuses the next rollout when the model was changed after the last one was whole', async () => {
    shop = openShop();
    await upgrade(shop.v1); // nothing to do, no record
    await upgrade(shop.v2);
    await write(licensed);
    await assert.rejects(upgrade(shop.v1), { code: 'ModelDriftPending', message: /not applied yet: licenseType/ });
  });

  for (const [title, update, parts] of [
    ['its size', bigger, 'size'],
    ['a part that no node shows', licensed, 'licenseType'],
  ] as const) {
    it(`stops the next stage when somebody changed ${title} of the model, and changes nothing`, async () => {
      shop = openShop();
      await upgrade(shop.v2, canary);
      await write(update);
      const before = shop.fingerprint();
      const says = { code: 'ModelDrifted', message: new RegExp(`begun: ${parts}\\. `) };
      await assert.rejects(upgrade(shop.v2), says);
      const { nodes: _nodes, target: _target, ...rest } = request('');
      await assert.rejects(shop.play(rollBack({ ...rest, to: undefined, drain }, shop.tools())), says);
      assert.equal(shop.fingerprint(), before);
    });

    it(`starts nothing more when somebody changes ${title} in mid-rollout, and puts the model's image back`, async () => {
      shop = openShop({ settings: { writeDuringInstanceWork: 'accepted' } });
      const run = upgrade(shop.v2);
      writeInMidRollout(update);
      const { ending } = await run;
      assert.deepEqual([ending.outcome, ending.failure?.code], ['halted', 'ModelDrifted'], ending.reason);
      await shop.pass(60_000);
      assert.deepEqual([shop.modelVersion(), readRecord(shop.set.tags)?.state], ['1.0.0', 'halted']);
      assert.notEqual(shop.versions(), '2.0.0 2.0.0 2.0.0 2.0.0');
      await assert.rejects(upgrade(shop.v2), { code: 'ModelDrifted' });
      const { ending: taken } = await upgrade(shop.v2, { allowModelDrift: true });
      assert.deepEqual([taken.outcome, shop.versions()], ['completed', '2.0.0 2.0.0 2.0.0 2.0.0']);
      assert.equal((await upgrade(shop.v1)).ending.outcome, 'completed', 'it is known from then on');
    });
  }

  it('takes a change in mid-rollout in when it is asked to, says so once and keeps it in the record', async () => {
    shop = openShop({ settings: { writeDuringInstanceWork: 'accepted' } });
    const tools = shop.tools();
    const run = upgrade(shop.v2, { allowModelDrift: true }, tools);
    writeInMidRollout(licensed);
    assert.equal((await run).ending.outcome, 'completed');
    assert.equal(tools.lines.filter((line) => line.includes('somebody changed the model in licenseType')).length, 1);
    const again = shop.tools();
    assert.equal((await upgrade(shop.v1, {}, again)).ending.outcome, 'completed', 'it is known');
  });

  it('ends the rollout of a run that was killed, also when the model is changed while it halts', async () => {
    shop = openShop({ settings: { writeDuringInstanceWork: 'accepted' } });
    const dead = shop.tools({ dies: { onCall: 'POST …/manualupgrade', applied: true } });
    await shop.play(Promise.race([upgradeNodes(request(shop.v3, { drain }), dead), dead.died]));
    assert.deepEqual([readRecord(shop.set.tags)?.state, shop.modelVersion()], ['rolling', '3.0.0']);
    const run = upgrade(shop.v3, {}, shop.tools({ attempt: '1.2' }));
    writeInMidRollout(licensed);
    const { ending } = await run;
    assert.match(ending.reason, /^1 node failed, the limit is 0: shop_0: unhealthy on 3\.0\.0 for 600 s$/);
    assert.deepEqual([readRecord(shop.set.tags)?.state, shop.modelVersion()], ['halted', '1.0.0']);
    await assert.rejects(upgrade(shop.v3), { code: 'ModelDrifted' }, 'the next run sees it');
  });

  it('is not disturbed by what is no part of what an upgrade applies', async () => {
    shop = openShop();
    await upgrade(shop.v2, canary);
    await write({ automaticRepairsPolicy: { enabled: true, gracePeriod: 'PT30M' }, overprovision: false });
    await write({ sku: { name: 'Standard_D2s_v5', capacity: 5 } });
    assert.equal((await upgrade(shop.v2)).ending.outcome, 'completed');
  });

  it('takes no size of the disk that came with its own image for a change of somebody else', async () => {
    shop = openShop({ settings: { imageWriteSetsDisk: true } });
    for (const changes of [canary, {}]) assert.equal((await upgrade(shop.v2, changes)).ending.outcome, 'completed');
    assert.equal((await upgrade(shop.v1)).ending.outcome, 'completed');
  });

  it('goes on with a record of schema 1, which knows nothing of the model, and writes it as schema 2', async () => {
    shop = openShop();
    await upgrade(shop.v2, canary);
    const { 'phoenix-model': _unknown, ...tags } = shop.set.tags;
    shop.set.tags = { ...tags, 'phoenix-schema': '1' };
    assert.equal((await upgrade(shop.v2)).ending.outcome, 'completed');
    assert.equal(shop.set.tags['phoenix-schema'], '2');
    assert.ok(readRecord(shop.set.tags)?.model);
  });
});

describe('upgradeNodes and the image of nodes that scale out', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  const upgrade = (changes: Partial<UpgradeRequest>, target = shop.v2) =>
    shop.play(upgradeNodes(request(target, { drain, ...changes }), shop.tools()));
  const grow = (capacity: number) =>
    shop.play(
      shop.tools().azure.compute.virtualMachineScaleSets.update('web', 'shop', {
        sku: { name: 'Standard_D2s_v5', capacity },
      }),
    );

  it('leaves the model on the new image between stages when it is asked to, and the record says so', async () => {
    shop = openShop();
    await upgrade({ ...canary, scaleOutImage: 'new' });
    const record = readRecord(shop.set.tags);
    assert.deepEqual([shop.modelVersion(), record?.state, record?.scaleOut], ['2.0.0', 'waiting', 'new']);
    await grow(5);
    assert.equal(shop.versions(), '2.0.0 1.0.0 1.0.0 1.0.0 2.0.0');
    const { ending } = await upgrade({ nodes: { kind: 'count', count: 2, text: '2' }, scaleOutImage: 'new' });
    assert.match(ending.reason, /^2 nodes ready/, 'the one that scaled out counts');
    assert.equal(shop.versions(), '2.0.0 1.0.0 1.0.0 1.0.0 2.0.0');
  });

  it('puts the model back with the next stage that does not ask for it, even when no node is left to do', async () => {
    shop = openShop();
    await upgrade({ ...canary, scaleOutImage: 'new' });
    await upgrade(canary);
    assert.deepEqual([shop.modelVersion(), readRecord(shop.set.tags)?.scaleOut], ['1.0.0', undefined]);
  });

  it('puts the model back all the same when it halts', async () => {
    shop = openShop();
    const { ending } = await upgrade({ ...canary, scaleOutImage: 'new' }, shop.v3);
    assert.deepEqual([ending.outcome, shop.modelVersion()], ['halted', '1.0.0']);
  });

  it('puts the model back all the same when its time is up before the stage is done', async () => {
    shop = openShop();
    const { ending } = await upgrade({ scaleOutImage: 'new', jobDeadlineMs: 200_000 });
    assert.deepEqual([ending.outcome, shop.modelVersion()], ['incomplete', '1.0.0']);
  });

  it('is rolled back like any other', async () => {
    shop = openShop();
    await upgrade({ ...canary, scaleOutImage: 'new' });
    const { nodes: _nodes, target: _target, ...rest } = request('');
    await shop.play(rollBack({ ...rest, to: undefined, drain }, shop.tools()));
    assert.deepEqual([shop.versions(), shop.modelVersion()], ['1.0.0 1.0.0 1.0.0 1.0.0', '1.0.0']);
  });
});
