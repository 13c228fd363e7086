import assert from 'node:assert/strict';
import { addGalleryVersion, addScaleSet } from '../builders.ts';
import { instancesOf } from '../lookup.ts';
import type { Instance } from '../state.ts';
import { assertRefused, openStage, type Stage, shop } from '../support.ts';

describe('a lower capacity', () => {
  let stage: Stage;
  afterEach(() => stage.close());

  /** A fleet as a word picture: `1:3,4 2:5` is zone 1 with the instances 3 and 4, zone 2 with 5. `0` is no zone. */
  const open = (fleet: string) => {
    stage = openStage({ rateLimits: false });
    const image = addGalleryVersion(stage.world, { version: '1.0.0' }).id;
    const zones = fleet.split(' ').map((zone) => zone.split(':'));
    const ids = zones.flatMap(([, names = '']) => names.split(',').map(Number));
    const zoned = zones.some(([zone]) => zone !== '0');
    const set = addScaleSet(stage.world, { name: 'shop', image, capacity: Math.max(...ids) + 1 });
    set.zones = zoned ? ['1', '2', '3'] : [];
    for (const instance of instancesOf(stage.world, set))
      if (!ids.includes(Number(instance.instanceId))) stage.world.compute.instances.delete(instance.id.toLowerCase());
    for (const [zone, names = ''] of zones)
      for (const id of names.split(','))
        Object.assign(instance(id), { zone: zoned ? zone : undefined, createdAt: Number(id) });
    set.sku = { ...set.sku, capacity: ids.length };
    return set;
  };
  const instance = (id: string): Instance => {
    const found = [...stage.world.compute.instances.values()].find(({ instanceId }) => instanceId === id);
    assert.ok(found, `instance ${id}`);
    return found;
  };
  const policy = (...rules: string[]) => ({ scaleInPolicy: { rules, forceDeletion: true } });
  const lower = async (capacity: number) => {
    assert.equal(stage.call('PATCH', shop, { sku: { capacity } }).status, 200);
    await stage.pass(3_000);
    stage.call('GET', shop);
    return [...stage.world.compute.instances.values()]
      .filter(({ provisioningState }) => provisioningState === 'Deleting')
      .map(({ instanceId }) => instanceId)
      .sort();
  };

  // The two tables of doc scale-in-policy, in its own words of ids and zones.
  const documented = '1:3,4,5,10 2:2,6,9,11 3:1,7,8';
  const cases = [
    { rule: 'OldestVM', fleet: documented, to: 10, gone: '2' },
    { rule: 'OldestVM', fleet: documented, to: 8, gone: '1 2 3' },
    { rule: 'OldestVM', fleet: documented, to: 4, gone: '1 2 3 4 5 6 7' },
    { rule: 'NewestVM', fleet: documented, to: 10, gone: '11' },
    { rule: 'NewestVM', fleet: documented, to: 8, gone: '10 11 9' },
    { rule: 'NewestVM', fleet: documented, to: 5, gone: '10 11 5 7 8 9' },
    { rule: 'Default', fleet: '0:0,1,2,3', to: 2, gone: '2 3' },
    { rule: 'OldestVM', fleet: '0:0,1,2,3', to: 2, gone: '0 1' },
    { rule: 'Default', fleet: '1:0,3 2:1 3:2', to: 3, gone: '3' },
    // 0 and 5 share a fault domain: the default policy takes one of them before it takes the highest id
    { rule: 'Default', fleet: '0:0,5,6,7', to: 3, gone: '5' },
    { rule: 'NewestVM', fleet: '0:0,5,6,7', to: 3, gone: '7' },
  ] as const;
  for (const { rule, fleet, to, gone } of cases)
    it(`under ${rule} takes ${gone} of ${fleet} when it is lowered to ${to}`, async () => {
      const set = open(fleet);
      set.properties = { ...set.properties, ...policy(rule) };
      assert.equal((await lower(to)).join(' '), gone);
    });

  it('skips who is protected from scale-in, whatever the policy, and leaves more than asked when all are', async () => {
    const set = open('0:0,1,2,3');
    set.properties = { ...set.properties, ...policy('OldestVM') };
    instance('0').protection = { protectFromScaleIn: true, protectFromScaleSetActions: false };
    instance('1').protection = { protectFromScaleIn: true, protectFromScaleSetActions: true };
    assert.deepEqual(await lower(0), ['2', '3']);
  });

  it('counts protected ones where they are: a zone stays full by them', async () => {
    open('1:0,3,6 2:1 3:2');
    instance('6').protection = { protectFromScaleIn: true, protectFromScaleSetActions: false };
    assert.deepEqual(await lower(3), ['0', '3']);
  });

  it('follows a policy that a PATCH has brought, and no instance gets a new model by it', async () => {
    const set = open('0:0,1,2,3');
    const { model } = set;
    stage.call('PATCH', shop, { properties: policy('OldestVM') });
    await stage.pass(5_000);
    assert.deepEqual(await lower(3), ['0']);
    assert.equal(set.model, model);
  });

  it('is refused a policy that nobody knows', () => {
    open('0:0,1');
    assertRefused(stage.call('PATCH', shop, { properties: policy('Random') }), 400, 'InvalidParameter', /OldestVM/);
  });
});
