import assert from 'node:assert/strict';
import { addGalleryVersion, addScaleSet } from '../compute/builders.ts';
import { instancesOf } from '../compute/lookup.ts';
import type { ScaleSet } from '../compute/state.ts';
import { openStage, type Stage, shop } from '../compute/support.ts';
import type { Json } from '../core/http.ts';
import { type AutoscaleEvent, addAutoscaleEvents } from './autoscaler.ts';
import { addAutoscaleSetting } from './builders.ts';
import { fixedDate, profile, setting, version } from './support.ts';

describe('the autoscaler', () => {
  let stage: Stage;
  let set: ScaleSet;
  afterEach(() => stage.close());

  const path = `resourceGroups/web/providers/Microsoft.Insights/autoscalesettings/scale?${version}`;
  /** A set of four between these limits, and what its load will ask for. */
  const open = (profiles: readonly Json[], events: readonly AutoscaleEvent[] = [], more: Json = {}) => {
    stage = openStage({ rateLimits: false });
    const one = addGalleryVersion(stage.world, { version: '1.0.0' });
    set = addScaleSet(stage.world, { name: 'shop', image: one.id, capacity: 4 });
    const { id } = put(setting(set.id, profiles, more));
    addAutoscaleEvents(stage.world, id, events);
  };
  const put = (body: Json) => stage.call('PUT', path, body).body as { readonly id: string };
  const pass = async (ms: number) => {
    await stage.pass(ms);
    stage.call('GET', shop);
  };
  const told = () =>
    stage.world.autoscale.actions.map(
      ({ change = '=', from, to, outcome, profile: name, code }) =>
        `${change} ${from}→${to} ${outcome}${code ? ` ${code}` : ''}${name ? ` by ${name}` : ''}`,
    );
  const versions = () =>
    instancesOf(stage.world, set).map(({ instanceId, image }) => `${instanceId}:${image.reference['exactVersion']}`);

  it('scales out and in at its events, within the limits of the profile', async () => {
    open(
      [profile('usual', 3, 6)],
      [
        { afterMs: 60_000, change: 3 },
        { afterMs: 200_000, change: 1 },
        { afterMs: 400_000, change: -5 },
      ],
    );
    await pass(59_000);
    assert.deepEqual(told(), []);
    await pass(600_000);
    assert.deepEqual(told(), ['3 4→6 scaled by usual', '1 6→6 bounded by usual', '-5 6→3 scaled by usual']);
    assert.deepEqual([set.sku.capacity, set.provisioningState], [3, 'Succeeded']);
    assert.deepEqual(versions(), ['0:1.0.0', '1:1.0.0', '2:1.0.0']);
  });

  it('tells whom it made and whom it ended', async () => {
    open(
      [profile('usual', 1, 9)],
      [
        { afterMs: 1_000, change: 2 },
        { afterMs: 200_000, change: -1 },
      ],
    );
    await pass(400_000);
    const [out, into] = stage.world.autoscale.actions;
    assert.deepEqual([out?.added, out?.removed, into?.added, into?.removed], [['4', '5'], [], [], ['5']]);
  });

  it('ends whom the policy says and spares the protected', async () => {
    open([profile('usual', 1, 9)], [{ afterMs: 100_000, change: -2 }]);
    stage.call('PATCH', shop, { properties: { scaleInPolicy: { rules: ['OldestVM'] } } });
    await pass(10_000);
    stage.call('PUT', `${shop}/virtualMachines/0`, {
      location: 'koreacentral',
      properties: { protectionPolicy: { protectFromScaleIn: true } },
    });
    await pass(300_000);
    assert.deepEqual(stage.world.autoscale.actions[0]?.removed, ['1', '2']);
  });

  it('makes new instances from the model of that moment', async () => {
    open([profile('usual', 1, 9)], [{ afterMs: 60_000, change: 1 }]);
    const { id } = addGalleryVersion(stage.world, { version: '2.0.0' });
    stage.call('PATCH', shop, {
      properties: { virtualMachineProfile: { storageProfile: { imageReference: { id } } } },
    });
    await pass(200_000);
    assert.deepEqual(versions().at(-1), '4:2.0.0');
  });

  it('does nothing while its setting is disabled', async () => {
    open([profile('usual', 6, 9)], [{ afterMs: 60_000, change: 1 }], { enabled: false });
    await pass(600_000);
    assert.deepEqual(told(), ['1 4→4 disabled']);
    assert.equal(set.sku.capacity, 4);
  });

  it('is pinned by a fixed date, which ends by itself', async () => {
    const pin = profile('pin', 4, 4, fixedDate('2026-01-01T00:01:00Z', '2026-01-01T00:11:00Z'));
    open(
      [pin, profile('usual', 1, 9)],
      [
        { afterMs: 120_000, change: 2 },
        { afterMs: 300_000, change: -1 },
        { afterMs: 700_000, change: 2 },
      ],
    );
    await pass(900_000);
    assert.deepEqual(told(), ['2 4→4 bounded by pin', '-1 4→4 bounded by pin', '2 4→6 scaled by usual']);
  });

  it('brings a count outside the limits inside at its next look, whoever set it', async () => {
    open([profile('usual', 2, 5)]);
    stage.call('PATCH', shop, { sku: { capacity: 7 } });
    await pass(29_000);
    assert.equal(set.sku.capacity, 7);
    await pass(600_000);
    assert.equal(set.sku.capacity, 5);
    assert.equal(told().at(-1), '= 7→5 scaled by usual');
    put(setting(set.id, [profile('more', 6, 9)]));
    await pass(300_000);
    assert.equal(told().at(-1), '= 5→6 scaled by more');
  });

  it('finds a busy set, says so, and comes again until it is free', async () => {
    open([profile('usual', 1, 9)], [{ afterMs: 61_000, change: 1 }]);
    await pass(60_000);
    stage.call('PATCH', shop, { sku: { capacity: 5 } });
    await pass(300_000);
    const refused = told().filter((line) => line === '1 5→6 refused Conflict by usual');
    assert.deepEqual([refused.length > 0, told().at(-1), set.sku.capacity], [true, '1 5→6 scaled by usual', 6]);
  });

  it('gives up on a set that stays busy', async () => {
    open([profile('usual', 1, 9)], [{ afterMs: 1_000, change: 1 }]);
    set.open.add({ kind: 'setWrite', startedAt: 0, instanceIds: [] });
    await pass(3_600_000);
    assert.equal(told().length, 10);
  });

  it('stops when its setting or its set is gone', async () => {
    open([profile('usual', 1, 9)], [{ afterMs: 60_000, change: 1 }]);
    stage.call('DELETE', path);
    await pass(600_000);
    assert.deepEqual(told(), []);
    put(setting(set.id, [profile('usual', 9, 9)]));
    stage.world.compute.scaleSets.delete(set.id.toLowerCase());
    await pass(600_000);
    assert.deepEqual(told(), []);
  });

  it('takes a setting that a test has made, and shows it to clients', async () => {
    stage = openStage({ rateLimits: false });
    const image = addGalleryVersion(stage.world, { version: '1.0.0' }).id;
    set = addScaleSet(stage.world, { name: 'shop', image, capacity: 4 });
    const made = addAutoscaleSetting(stage.world, { set, name: 'scale', minimum: 1, maximum: 6 });
    addAutoscaleEvents(stage.world, made.id, [{ afterMs: 1_000, change: 5 }]);
    await pass(10_000);
    assert.deepEqual(told(), ['5 4→6 scaled by usual']);
    assert.equal((stage.call('GET', path).body as Json)['id'], made.id);
    addAutoscaleSetting(stage.world, { set, name: 'off', minimum: 9, maximum: 9, enabled: false });
    await pass(60_000);
    assert.equal(set.sku.capacity, 6);
  });

  it('is told events only of a setting that is there', () => {
    open([profile('usual', 1, 9)]);
    assert.throws(() => addAutoscaleEvents(stage.world, 'nowhere', []), /no autoscale setting nowhere/);
  });
});
