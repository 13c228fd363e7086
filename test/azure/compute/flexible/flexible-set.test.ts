import assert from 'node:assert/strict';
import { addVirtualMachine } from '../../resources/virtual-machines/builder.ts';
import { addScaleSet } from '../builders.ts';
import { scaleTo } from '../scale-sets/scale.ts';
import { all, assertRefused, bodyOf, shop } from '../support.ts';
import { allMachines, type FlexibleStage, machinePath, machinesOf, nth, openFlexible } from './support.ts';

describe('a Flexible scale set', () => {
  let stage: FlexibleStage;
  afterEach(() => stage.close());
  const open = (...options: Parameters<typeof openFlexible>) => {
    stage = openFlexible(...options);
    return stage;
  };

  const profile = (image: string, networkProfile: object) => ({
    storageProfile: { imageReference: { id: image } },
    osProfile: { computerNamePrefix: 'fresh', adminUsername: 'me', adminPassword: 'Secret-1' },
    networkProfile,
  });
  const ipConfigurations = [{ name: 'ip', primary: true }];
  const network = {
    networkApiVersion: '2020-11-01',
    networkInterfaceConfigurations: [{ name: 'nic', primary: true, ipConfigurations }],
  };

  it('is made by PUT, and its nodes are virtual machines with interface, disk and set', async () => {
    const { sdk, play, one, world } = open();
    const made = await play(
      sdk.virtualMachineScaleSets.createOrUpdate('web', 'fresh', {
        location: 'koreacentral',
        orchestrationMode: 'Flexible',
        platformFaultDomainCount: 1,
        sku: { name: 'Standard_D2s_v5', capacity: 2 },
        virtualMachineProfile: profile(one.id, network),
      }),
    );
    assert.deepEqual([made.provisioningState, made.orchestrationMode], ['Succeeded', 'Flexible']);
    const machines = await machinesOf(stage, made.id ?? '');
    assert.equal(new Set(machines.map(({ osProfile }) => osProfile?.computerName)).size, 2);
    for (const machine of machines) {
      assert.match(machine.name ?? '', /^fresh_[0-9a-f]{8}$/);
      assert.equal(machine.virtualMachineScaleSet?.id, made.id);
      assert.equal(machine.osProfile?.computerName, `fresh${machine.vmId?.slice(0, 6)}`);
      assert.equal(machine.osProfile?.adminPassword, undefined);
      assert.equal(machine.instanceView?.statuses?.at(-1)?.code, 'PowerState/running');
      const [nic] = machine.networkProfile?.networkInterfaces ?? [];
      assert.equal(nic?.deleteOption, 'Delete');
      const shown = world.resources.networkInterfaces.get(nic?.id?.toLowerCase() ?? '');
      assert.equal(shown?.id, nic?.id);
      const disk = world.resources.disks.get(machine.storageProfile?.osDisk?.managedDisk?.id?.toLowerCase() ?? '');
      assert.equal(disk?.managedBy, machine.id);
    }
  });

  it('takes what it is by PUT again, and goes with all its machines, interfaces and disks', async () => {
    const { sdk, play, world, set } = open();
    const again = await play(
      sdk.virtualMachineScaleSets.createOrUpdate('web', 'shop', { location: 'koreacentral', tags: { a: '1' } }),
    );
    assert.deepEqual([again.tags, again.sku?.capacity], [{ a: '1' }, 3]);
    const { disks, networkInterfaces } = world.resources;
    assert.deepEqual([disks.size, networkInterfaces.size], [3, 3]);
    await play(sdk.virtualMachineScaleSets.delete('web', 'shop'));
    assert.deepEqual([world.compute.instances.size, disks.size, networkInterfaces.size], [0, 0, 0]);
    assert.equal(world.compute.scaleSets.has(set.id.toLowerCase()), false);
  });

  it('lists itself among the others', async () => {
    const { sdk, play, one, world } = open();
    addScaleSet(world, { name: 'old', image: one.id, capacity: 1 });
    const sets = await play(all(sdk.virtualMachineScaleSets.list('web')));
    assert.deepEqual(
      sets.map(({ name, orchestrationMode, platformFaultDomainCount }) => [
        name,
        orchestrationMode,
        platformFaultDomainCount,
      ]),
      [
        ['shop', 'Flexible', 1],
        ['old', 'Uniform', 5],
      ],
    );
  });

  describe('as its machines are listed', () => {
    it('by the filter alone, in the group or the subscription, in pages', async () => {
      const { sdk, play, one, world, set, names } = open({ listPageSize: 2 });
      addScaleSet(world, { name: 'other', image: one.id, capacity: 1, orchestration: 'Flexible' });
      const filter = `'virtualMachineScaleSet/id' eq '${set.id.toUpperCase()}'`;
      const sorted = [...names()].sort();
      for (const list of [
        sdk.virtualMachines.list('web', { filter, expand: 'instanceView' }),
        sdk.virtualMachines.listAll({ filter, expand: 'instanceView' }),
      ]) {
        const found = await play(all(list));
        assert.deepEqual(
          found.map(({ name }) => name),
          sorted,
        );
        assert.equal(
          found.every(({ instanceView }) => instanceView?.vmHealth?.status?.code === 'HealthState/healthy'),
          true,
        );
      }
      assert.equal((await play(all(sdk.virtualMachines.list('web')))).length, 4);
    });

    it('in pages that go on though the last one shown has been deleted', async () => {
      const { call, names, pass } = open({ listPageSize: 1 });
      const first = bodyOf(call('GET', allMachines));
      const [gone, ...rest] = [...names()].sort();
      call('DELETE', machinePath(gone ?? ''));
      await pass(60_000);
      const second = bodyOf(call('GET', String(first['nextLink']).replace(/^.*?subscriptions\/[^/]+\//, '')));
      assert.deepEqual(
        (second['value'] as { name: string }[]).map(({ name }) => name),
        [rest[0]],
      );
    });

    it('with views only together with the filter, and by no other filter', () => {
      const { call } = open();
      assertRefused(call('GET', `${allMachines}?$expand=instanceView`), 400, 'InvalidParameter', /\$filter/);
      assertRefused(call('GET', `${allMachines}?$filter=name%20eq%20'x'`), 400, 'InvalidParameter', /not supported/);
    });

    it('by the set too, by name and without what their own path shows', async () => {
      const { sdk, play, set, names } = open();
      const found = await play(all(sdk.virtualMachineScaleSetVMs.list('web', 'shop', { expand: 'instanceView' })));
      assert.deepEqual(
        found.map(({ instanceId }) => instanceId),
        names(),
      );
      for (const { id, name, latestModelApplied, storageProfile, instanceView } of found) {
        assert.equal(id, `${set.id}/virtualMachines/${name}`);
        assert.deepEqual([latestModelApplied, storageProfile, instanceView], [true, undefined, undefined]);
      }
    });

    it('among the resources of the group, with their interfaces and disks', () => {
      const { call } = open();
      const { value } = bodyOf(call('GET', 'resourceGroups/web/resources')) as { value: { type: string }[] };
      const counts = (type: string) => value.filter((found) => found.type === type).length;
      assert.deepEqual(
        ['Microsoft.Compute/virtualMachines', 'Microsoft.Compute/disks', 'Microsoft.Network/networkInterfaces'].map(
          counts,
        ),
        [3, 3, 3],
      );
    });
  });

  for (const [flexInstanceView, status] of [
    ['refused', 409],
    ['answered', 200],
  ] as const)
    it(`has an instance view that is ${flexInstanceView} when the switch says so`, () => {
      const { call, names } = open({ flexInstanceView });
      assert.equal(call('GET', `${shop}/instanceView`).status, status);
      assertRefused(
        call('GET', `${shop}/virtualMachines/${nth(names(), 0)}/instanceView`),
        409,
        'OperationNotAllowed',
        /Use the instance view of its virtual machines/,
      );
    });

  it('takes nodes of this set by their names only', () => {
    const { call, names, one, world } = open();
    addScaleSet(world, { name: 'other', image: one.id, capacity: 1, orchestration: 'Flexible' });
    const stranger = [...world.compute.instances.values()].find(({ name }) => name.startsWith('other_'))?.name;
    for (const id of ['0', stranger, `${nth(names(), 0)}x`])
      assertRefused(
        call('POST', `${shop}/manualupgrade`, { instanceIds: [id] }),
        400,
        'InvalidParameter',
        /not an active/,
      );
    assert.equal(call('POST', `${shop}/manualupgrade`, { instanceIds: [nth(names(), 0).toUpperCase()] }).status, 202);
  });

  describe('and its nominal capacity', () => {
    const capacity = (value: number) =>
      stage.play(stage.sdk.virtualMachineScaleSets.update('web', 'shop', { sku: { capacity: value } }));

    for (const [lowers, nominal] of [
      [false, 3],
      [true, 2],
    ] as const)
      it(`is ${nominal} after one of three machines was deleted when vmDeleteLowersCapacity is ${lowers}`, async () => {
        const { sdk, play, set, names } = open({ vmDeleteLowersCapacity: lowers });
        await play(sdk.virtualMachines.delete('web', nth(names(), 1)));
        assert.deepEqual([set.sku.capacity, names().length], [nominal, 2]);
      });

    it('follows a deletion by the set', async () => {
      const { sdk, play, set, names } = open();
      await play(sdk.virtualMachineScaleSets.deleteInstances('web', 'shop', { instanceIds: [nth(names(), 1)] }));
      assert.deepEqual([set.sku.capacity, names().length], [2, 2]);
    });

    it('is what a higher number is counted from: fewer come than are missing', async () => {
      const { sdk, play, names } = open();
      await play(sdk.virtualMachines.delete('web', nth(names(), 0)));
      await play(sdk.virtualMachines.delete('web', nth(names(), 0)));
      assert.equal(names().length, 1);
      await capacity(4);
      assert.equal(names().length, 2, 'one more than 3, not three more than are there');
    });

    it('is what a lower number is counted from: the number that is there, written down, costs live machines', async () => {
      const { sdk, play, names, set } = open({}, { capacity: 5 });
      await play(sdk.virtualMachines.delete('web', nth(names(), 0)));
      await play(sdk.virtualMachines.delete('web', nth(names(), 0)));
      const [oldest] = names();
      await capacity(3);
      assert.deepEqual([names(), set.sku.capacity], [[oldest], 3]);
    });

    it('is what the platform counts from as well', async () => {
      const { sdk, play, names, world, set, pass } = open();
      await play(sdk.virtualMachines.delete('web', nth(names(), 0)));
      const scaled: string[][] = [];
      scaleTo(world, set, 4, ({ added, removed }) => scaled.push([...added], [...removed]));
      await pass(120_000);
      assert.equal(names().length, 3);
      assert.deepEqual(scaled, [[names().at(-1)], []]);
    });

    it('written again as it stands changes nothing', async () => {
      const { sdk, play, names } = open();
      await play(sdk.virtualMachines.delete('web', nth(names(), 0)));
      await capacity(3);
      assert.equal(names().length, 2);
    });
  });

  it('makes new machines from the model of that moment', async () => {
    const { sdk, play, two, members } = open();
    const imageReference = { id: two.id };
    await play(
      sdk.virtualMachineScaleSets.update('web', 'shop', {
        virtualMachineProfile: { storageProfile: { imageReference } },
        sku: { capacity: 4 },
      }),
    );
    assert.deepEqual(
      members().map(({ image }) => image.reference['exactVersion']),
      ['1.0.0', '1.0.0', '1.0.0', '2.0.0'],
    );
  });

  for (const version of ['2018-04-01', '2020-06-01'])
    it(`shows who asks with ${version} what that version knows, machines outside of sets as well`, () => {
      const { call, world, one, names } = open();
      addVirtualMachine(world, { name: 'pet', image: one.id });
      const paths = [nth(names(), 0), 'pet'].flatMap((name) => [
        machinePath(name),
        `${machinePath(name)}?$expand=instanceView`,
        `${machinePath(name)}/instanceView`,
      ]);
      for (const path of [...paths, allMachines, shop, `${shop}/virtualMachines`]) {
        const answer = call('GET', `${path}${path.includes('?') ? '&' : '?'}api-version=${version}`);
        assert.doesNotMatch(JSON.stringify(answer.body), /etag|deleteOption|timeCreated|networkApiVersion/, path);
      }
    });

  it('reaches a thousand machines, each with an address of its own', async () => {
    const { sdk, play, names, world } = open({ listPageSize: 300 });
    await play(sdk.virtualMachineScaleSets.update('web', 'shop', { sku: { capacity: 1000 } }));
    assert.equal(new Set(names()).size, 1000);
    const addresses = [...world.resources.networkInterfaces.values()].map(
      ({ properties }) => /"privateIPAddress":"([\d.]+)"/.exec(JSON.stringify(properties))?.[1],
    );
    assert.equal(new Set(addresses).size, 1000);
  });
});
