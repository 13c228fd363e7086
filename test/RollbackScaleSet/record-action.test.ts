import assert from 'node:assert/strict';
import { Failure } from '../../tasks/common/failure.ts';
import { readRecord } from '../../tasks/common/record/codec.ts';
import { recordRows, recordSummary } from '../../tasks/common/report/record-summary.ts';
import { actOnRecord } from '../../tasks/RollbackScaleSet/record-action.ts';
import type { RecordAction } from '../../tasks/RollbackScaleSet/record-deeds.ts';
import { rollBack } from '../../tasks/RollbackScaleSet/roll-back.ts';
import { upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import { instancesOf } from '../support/fleet-guard.ts';
import { runOf } from '../support/pipeline-runs.ts';
import { record as rolloutRecord } from '../support/rollout-record.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { request } from '../UpgradeScaleSetNodes/upgrade-request.ts';

const canary = { drain, nodes: { kind: 'count', count: 1, text: '1' } } as const;
const set = { resourceGroup: 'web', name: 'shop' };

describe('RollbackScaleSet with recordAction', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  const act = (action: RecordAction, takeover = false, tools = shop.tools({ run: 'run-2' })) =>
    shop.play(actOnRecord({ set, action, takeover }, tools));
  const upgrade = (target: string, changes = {}) =>
    shop.play(upgradeNodes(request(target, { drain, ...changes }), shop.tools()));
  const write = (update: object) =>
    shop.play(shop.tools().azure.compute.virtualMachineScaleSets.update('web', 'shop', update));
  const image = (id: string) => ({ virtualMachineProfile: { storageProfile: { imageReference: { id } } } });

  /** Run run-1 is killed with a node in mid-drain and the model on the new image. */
  async function leave(run = 'run-1') {
    shop = openShop();
    const dead = shop.tools({ run, dies: { onCall: 'POST …/manualupgrade', applied: false } });
    await shop.play(Promise.race([upgradeNodes(request(shop.v2, { drain }), dead), dead.died]));
    await shop.pass(60_000);
    assert.deepEqual([shop.modelVersion(), readRecord(shop.set.tags)?.state], ['2.0.0', 'rolling']);
  }

  /** Somebody's tool has brought the whole fleet onto 2.0.0 in the middle of a canary. */
  async function movedByOthers() {
    shop = openShop();
    await upgrade(shop.v2, canary);
    await write(image(shop.v2));
    const { virtualMachineScaleSets: sets } = shop.tools().azure.compute;
    await shop.play(sets.updateInstances('web', 'shop', { instanceIds: ['*'] }));
    await shop.pass(300_000);
  }

  it('shows the record beside what model and nodes have, and changes nothing', async () => {
    shop = openShop();
    await upgrade(shop.v2, canary);
    const before = shop.fingerprint();
    const { sentence, record, modelImage, nodes } = await act('show');
    assert.equal(shop.fingerprint(), before);
    const page = recordSummary(sentence, recordRows(record, modelImage, nodes));
    assert.match(page, /\| State \| waiting: a stage is done, and more are to come \|/);
    assert.match(page, /\| Nodes run \| 1 × 2\.0\.0, 3 × 1\.0\.0 \|/);
    assert.match(page, /\| Run \| run-1, attempt 1\.1 \|/);
  });

  it('shows what a rollout renews', () => {
    const show = (renew: Readonly<Record<string, string>>) =>
      recordSummary('', recordRows({ ...rolloutRecord, renew }, rolloutRecord.target, []));
    assert.match(
      show({ 0: 'abcd', 1: '****' }),
      /\| Renews \(force\) \| 2 disks of the image, as they were when it began \|/,
    );
    assert.match(show({}), /\| Renews \(force\) \| no disk, or no more \|/);
  });

  it('shows that there is no record', async () => {
    shop = openShop();
    const { sentence, record } = await act('show');
    assert.deepEqual([sentence, record], ['shop has no record', undefined]);
    assert.match(recordSummary(sentence, recordRows(record, shop.v1, [])), /\| Record \| none \|/);
  });

  it('shows a record that a run at work holds, without taking it', async () => {
    await leave();
    const before = shop.fingerprint();
    assert.equal((await act('show')).record?.state, 'rolling');
    assert.equal(shop.fingerprint(), before);
  });

  it('adopts a fleet that another tool has moved: the next rollout begins from there and leads back there', async () => {
    await movedByOthers();
    await act('adopt');
    const record = readRecord(shop.set.tags);
    assert.deepEqual([record?.state, record?.stable, record?.previous], ['whole', shop.v2, shop.v1]);
    const { ending } = await upgrade(shop.v3);
    assert.equal(ending.outcome, 'halted');
    assert.equal(readRecord(shop.set.tags)?.stable, shop.v2);
  });

  it('adopts once, and says so the second time', async () => {
    await movedByOthers();
    await act('adopt');
    const before = shop.fingerprint();
    assert.match((await act('adopt')).sentence, /says so already/);
    assert.equal(shop.fingerprint(), before);
  });

  it('adopts what a set without a record runs', async () => {
    shop = openShop();
    await act('adopt');
    assert.deepEqual([readRecord(shop.set.tags)?.stable, readRecord(shop.set.tags)?.previous], [shop.v1, undefined]);
  });

  it('adopts a model that was changed beside its image, so that it is no drift any more', async () => {
    shop = openShop();
    await upgrade(shop.v2);
    await write({ virtualMachineProfile: { licenseType: 'RHEL_BYOS' } });
    await assert.rejects(upgrade(shop.v1), { code: 'ModelDriftPending' });
    await act('adopt');
    assert.equal((await upgrade(shop.v1)).ending.outcome, 'completed');
  });

  it('adopts no fleet of two images, and names the nodes', async () => {
    shop = openShop();
    await upgrade(shop.v2, canary);
    const before = shop.fingerprint();
    await assert.rejects(act('adopt'), { code: 'FleetNotOfOneImage', message: /shop_0 \(2\.0\.0\) runs/ });
    assert.equal(shop.fingerprint(), before);
  });

  it('releases what a dead run holds: the model names the proven image, and the next run puts the node back', async () => {
    await leave();
    const { sentence } = await act('release', true);
    assert.match(sentence, /the model names 1\.0\.0 again/);
    assert.deepEqual([shop.modelVersion(), readRecord(shop.set.tags)?.state], ['1.0.0', 'stopped']);
    const { nodes: _nodes, target: _target, ...rest } = request('');
    await shop.play(rollBack({ ...rest, to: undefined, drain }, shop.tools({ run: 'run-3' })));
    await shop.pass(60_000);
    assert.deepEqual([shop.versions(), shop.serving()], ['1.0.0 1.0.0 1.0.0 1.0.0', 4]);
  });

  it('releases nothing where the write of the proven image would have Azure roll every node', async () => {
    await leave();
    shop.set.properties = { ...shop.set.properties, upgradePolicy: { mode: 'Automatic' } };
    const before = shop.fingerprint();
    await assert.rejects(act('release', true), { code: 'UpgradePolicyWouldRoll' });
    assert.equal(shop.fingerprint(), before);
  });

  it('releases without takeover when Azure DevOps says that the run has ended', async () => {
    await leave(runOfShop(1).run);
    await act('release', false, shop.tools(runOfShop(2)));
    assert.equal(readRecord(shop.set.tags)?.state, 'stopped');
  });

  const runOfShop = (id: number) =>
    (id === 1
      ? { run: `https://dev.azure.com/contoso/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee/build/1` }
      : runOf(shop, id)) as ReturnType<typeof runOf>;

  it('releases nothing where nobody holds anything', async () => {
    shop = openShop();
    await upgrade(shop.v2, canary);
    const before = shop.fingerprint();
    assert.match((await act('release')).sentence, /nothing was to be released/);
    assert.equal(shop.fingerprint(), before);
  });

  it('forgets a rollout and leaves model, nodes and the tags of others alone', async () => {
    shop = openShop({ set: { tags: { team: 'blue' } } });
    await upgrade(shop.v2, canary);
    const [versions, model] = [shop.versions(), shop.modelVersion()];
    await act('forget');
    assert.deepEqual(shop.set.tags, { team: 'blue' });
    assert.deepEqual([shop.versions(), shop.modelVersion()], [versions, model]);
    assert.match((await act('forget')).sentence, /nothing was to be forgotten/);
  });

  it('keeps what is paused when it adopts, and says what nobody remembers when it forgets', async () => {
    await movedByOthers();
    shop.set.tags = { ...shop.set.tags, 'phoenix-paused-repairs': 'running' };
    await act('adopt');
    assert.deepEqual(readRecord(shop.set.tags)?.paused, { repairs: true });
    assert.match((await act('forget')).sentence, /nobody remembers it now: .*repairs/);
  });

  it('forgets a record that nobody can read', async () => {
    shop = openShop();
    await upgrade(shop.v2, canary);
    const { 'phoenix-state': _gone, ...tags } = shop.set.tags;
    shop.set.tags = tags;
    await act('forget');
    assert.deepEqual(shop.set.tags, {});
  });

  it('says what the tags of a record that nobody can read had to say of pauses and protection', async () => {
    shop = openShop();
    await upgrade(shop.v2, canary);
    const { 'phoenix-state': _gone, ...tags } = shop.set.tags;
    const notes = {
      'phoenix-lifted-protection': '0-2',
      'Phoenix-Paused-Autoscale': 'evenings',
      'phoenix-former-mode': '?',
    };
    shop.set.tags = { ...tags, ...notes };
    const { sentence } = await act('forget');
    assert.match(sentence, /nobody remembers it now: .*by hand: .*instances that may be without protection/);
    for (const [name, value] of Object.entries(notes)) assert.ok(sentence.includes(`${name} is "${value}"`), sentence);
    assert.doesNotMatch(sentence, /is "(rolling|waiting|run-1)"/);
  });

  it('leaves a record of a newer version alone', async () => {
    shop = openShop();
    await upgrade(shop.v2, canary);
    shop.set.tags = { ...shop.set.tags, 'phoenix-schema': '3' };
    const before = shop.fingerprint();
    for (const action of ['show', 'adopt', 'release', 'forget'] as const)
      await assert.rejects(act(action), { code: 'RecordTooNew' });
    assert.equal(shop.fingerprint(), before);
  });

  for (const action of ['adopt', 'release', 'forget'] as const) {
    it(`does not ${action} what a run at work holds`, async () => {
      await leave();
      const before = shop.fingerprint();
      await assert.rejects(act(action), { code: 'RolloutHeldByAnotherRun' });
      assert.equal(shop.fingerprint(), before);
    });

    it(`does not ${action} what changes at the same moment`, async () => {
      shop = openShop();
      await upgrade(shop.v2, canary);
      if (action === 'adopt') for (const node of instancesOf(shop.world, shop.set)) node.image = imageOfModel();
      if (action === 'release') shop.set.tags = { ...shop.set.tags, 'phoenix-state': 'rolling' };
      const tools = shop.tools(); // of the same run, so that it may
      shop.world.observers.push(({ method, url }) => {
        const listed = method === 'GET' && url.pathname.endsWith('/virtualMachines');
        if (listed) shop.set.tags = { ...shop.set.tags, 'phoenix-owner-attempt': '9.9' };
      });
      await assert.rejects(
        act(action, false, tools),
        (error) => error instanceof Failure && error.code === 'RolloutChangedMeanwhile',
      );
      assert.equal(shop.set.tags['phoenix-owner-attempt'], '9.9');
    });
  }

  const imageOfModel = () => {
    const [, node] = instancesOf(shop.world, shop.set);
    assert.ok(node);
    return node.image;
  };

  it('ends by one write that is looked up when its answer is lost', async () => {
    await movedByOthers();
    shop.world.faults.add({ on: 'PATCH /shop', times: 1, effect: 'applied' });
    await act('adopt');
    assert.equal(readRecord(shop.set.tags)?.state, 'whole');
  });
});
