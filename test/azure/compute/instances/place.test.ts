import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addGalleryVersion, addScaleSet, type ScaleSetOptions } from '../builders.ts';
import { faultDomainCount } from '../scale-sets/mode.ts';
import type { Instance } from '../state.ts';
import { openStage, type Stage, shop } from '../support.ts';
import { placesFor, zoneKey } from './place.ts';

const modes = ['Uniform', 'Flexible'] as const;

describe('the place of an instance', () => {
  let stage: Stage;
  afterEach(() => stage.close());

  const open = (options: Partial<ScaleSetOptions> = {}) => {
    stage = openStage({ rateLimits: false });
    const image = addGalleryVersion(stage.world, { version: '1.0.0' }).id;
    return addScaleSet(stage.world, { name: 'shop', image, ...options });
  };
  const instances = () => [...stage.world.compute.instances.values()];
  const counted = (of: (instance: Instance) => unknown) => {
    const counts: Record<string, number> = {};
    for (const instance of instances()) counts[String(of(instance))] = (counts[String(of(instance))] ?? 0) + 1;
    return counts;
  };
  const scale = (capacity: number) =>
    stage.play(stage.sdk.virtualMachineScaleSets.update('web', 'shop', { sku: { capacity } }));
  const fill = (...zones: string[]) => {
    for (const zone of zones) stage.world.compute.fullZones.add(zoneKey('Korea Central', zone));
  };

  for (const orchestration of modes) {
    it(`is the emptiest zone of a ${orchestration} set, going up and going down`, async () => {
      open({ orchestration, zones: ['1', '2', '3'], capacity: 4 });
      assert.deepEqual(
        counted(({ zone }) => zone),
        { 1: 2, 2: 1, 3: 1 },
      );
      await scale(6);
      assert.deepEqual(
        counted(({ zone }) => zone),
        { 1: 2, 2: 2, 3: 2 },
      );
      await scale(3);
      assert.deepEqual(
        counted(({ zone }) => zone),
        { 1: 1, 2: 1, 3: 1 },
      );
    });

    it(`fills first the zone of a ${orchestration} set that lost most`, async () => {
      const set = open({ orchestration, zones: ['1', '2', '3'], capacity: 6 });
      const lost = instances().filter(({ zone }) => zone === '2');
      const instanceIds = lost.map(({ instanceId }) => instanceId);
      await stage.play(stage.sdk.virtualMachineScaleSets.deleteInstances('web', 'shop', { instanceIds }));
      assert.deepEqual([set.sku.capacity, counted(({ zone }) => zone)], [4, { 1: 2, 3: 2 }]);
      await scale(6);
      assert.deepEqual(
        counted(({ zone }) => zone),
        { 1: 2, 2: 2, 3: 2 },
      );
    });

    for (const strict of [true, false])
      it(`${strict ? 'fails' : 'is another zone'} when one zone of a ${orchestration} set is full and zoneBalance is ${strict}`, async () => {
        const set = open({ orchestration, zones: ['1', '2', '3'], capacity: 3, zoneBalance: strict });
        fill('2');
        const scaled = scale(6);
        if (strict) await assert.rejects(scaled, /ZonalAllocationFailed/);
        else await scaled;
        assert.deepEqual(
          counted(({ zone }) => zone),
          strict ? { 1: 1, 2: 1, 3: 1 } : { 1: 3, 2: 1, 3: 2 },
        );
        assert.equal(set.provisioningState, strict ? 'Failed' : 'Succeeded');
      });
  }

  it('is none when every zone is full', async () => {
    open({ zones: ['1', '2'], capacity: 2 });
    fill('1', '2');
    await assert.rejects(scale(3), /ZonalAllocationFailed/);
  });

  it('of a strict set may be a zone out of which nothing is missing', async () => {
    open({ zones: ['1', '2', '3'], capacity: 3, zoneBalance: true });
    fill('3');
    await scale(5);
    assert.deepEqual(
      counted(({ zone }) => zone),
      { 1: 2, 2: 2, 3: 1 },
    );
  });

  const domains = [
    { orchestration: 'Uniform', domains: { 0: 2, 1: 1, 2: 1, 3: 1, 4: 1 } },
    { orchestration: 'Uniform', faultDomains: 2, domains: { 0: 3, 1: 3 } },
    { orchestration: 'Uniform', faultDomains: 1, domains: { 0: 6 } },
    { orchestration: 'Uniform', zones: ['1', '2'], domains: { 0: 6 } },
    { orchestration: 'Uniform', zones: ['1'], faultDomains: 5, domains: { 0: 2, 1: 1, 2: 1, 3: 1, 4: 1 } },
    { orchestration: 'Flexible', domains: { 0: 6 } },
    { orchestration: 'Flexible', faultDomains: 3, domains: { 0: 2, 1: 2, 2: 2 } },
    { orchestration: 'Flexible', zones: ['1', '2', '3'], domains: { 0: 6 } },
  ] as const;
  for (const { domains: expected, ...options } of domains)
    it(`spreads six over fault domains as ${JSON.stringify(expected)} with ${JSON.stringify(options)}`, () => {
      open({ ...options, capacity: 6 });
      assert.deepEqual(
        counted(({ faultDomain }) => faultDomain),
        expected,
      );
    });

  it('is the fault domain that a deletion left emptiest', async () => {
    open({ orchestration: 'Flexible', faultDomains: 3, capacity: 3 });
    const doomed = instances().find(({ faultDomain }) => faultDomain === 1)?.name ?? '';
    await stage.play(stage.sdk.virtualMachineScaleSets.deleteInstances('web', 'shop', { instanceIds: [doomed] }));
    await scale(3);
    assert.deepEqual(
      counted(({ faultDomain }) => faultDomain),
      { 0: 1, 1: 1, 2: 1 },
    );
  });

  it('is shown by a Uniform instance’s view', async () => {
    open({ capacity: 3 });
    const view = await stage.play(stage.sdk.virtualMachineScaleSetVMs.getInstanceView('web', 'shop', '2'));
    assert.deepEqual([view.platformFaultDomain, view.platformUpdateDomain], [2, 0]);
  });

  for (const flexFaultDomainShown of [true, false])
    it(`is ${flexFaultDomainShown ? 'shown' : 'hidden'} by the views of a Flexible set’s machines when the switch says so`, async () => {
      stage = openStage({ rateLimits: false, flexFaultDomainShown });
      const image = addGalleryVersion(stage.world, { version: '1.0.0' }).id;
      addScaleSet(stage.world, { name: 'shop', image, capacity: 3, orchestration: 'Flexible', faultDomains: 3 });
      const last = instances()[2]?.name ?? '';
      const view = await stage.play(stage.sdk.virtualMachines.instanceView('web', last));
      assert.deepEqual(
        [view.platformFaultDomain, view.platformUpdateDomain],
        [flexFaultDomainShown ? 2 : undefined, undefined],
      );
    });

  it('keeps any set balanced, zone by zone and domain by domain', () => {
    const sets = fc.record({
      orchestration: fc.constantFrom(...modes),
      zones: fc.constantFrom<readonly string[]>([], ['1'], ['1', '2'], ['1', '2', '3']),
      capacity: fc.integer({ min: 0, max: 20 }),
      more: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(sets, ({ more, ...options }) => {
        const set = open(options);
        const places = [...instances(), ...placesFor(stage.world, set, more)];
        const zones = set.zones.length > 0 ? set.zones : [undefined];
        const inZone = zones.map((zone) => places.filter((place) => place.zone === zone));
        const inDomain = inZone.map((some) =>
          Array.from({ length: faultDomainCount(set) }, (_, domain) => some.filter((p) => p.faultDomain === domain)),
        );
        for (const sizes of [inZone, ...inDomain].map((groups) => groups.map(({ length }) => length)))
          assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `${sizes}`);
        assert.equal(inDomain.flat(2).length, options.capacity + more);
        stage.close();
      }),
      { numRuns: 200 },
    );
    open();
  });

  it('counts nobody who is on the way out', async () => {
    stage = openStage({ rateLimits: false, writeDuringInstanceWork: 'accepted' });
    const image = addGalleryVersion(stage.world, { version: '1.0.0' }).id;
    addScaleSet(stage.world, { name: 'shop', image, capacity: 2, zones: ['1', '2'] });
    stage.call('POST', `${shop}/delete`, { instanceIds: ['1'] });
    stage.call('PATCH', shop, { sku: { capacity: 2 } });
    await stage.pass(5_000);
    stage.call('GET', shop);
    assert.deepEqual(
      instances().map(({ zone, provisioningState }) => [zone, provisioningState]),
      [
        ['1', 'Succeeded'],
        ['2', 'Deleting'],
        ['2', 'Creating'],
      ],
    );
  });

  it('stays when a set is written again', async () => {
    open({ orchestration: 'Flexible', zones: ['1', '2'], capacity: 2 });
    const before = instances().map(({ name, zone }) => [name, zone]);
    stage.call('PATCH', shop, { tags: { a: '1' } });
    await stage.pass(10_000);
    assert.deepEqual(
      instances().map(({ name, zone }) => [name, zone]),
      before,
    );
  });
});
