import assert from 'node:assert/strict';
import { addVirtualMachine } from '../../resources/virtual-machines/builder.ts';
import { addScaleSet } from '../builders.ts';
import { assertRefused, shop } from '../support.ts';
import { type FlexibleStage, machinePath, machinesOf, nth, openFlexible } from './support.ts';

describe('the members of a Flexible set', () => {
  let stage: FlexibleStage;
  afterEach(() => stage.close());
  const open = (...options: Parameters<typeof openFlexible>) => {
    stage = openFlexible(...options);
    return stage;
  };
  const location = 'koreacentral';
  const reference = (id: string | null) => ({ properties: { virtualMachineScaleSet: { id } } });
  const patch = (name: string, id: string | null) => stage.call('PATCH', machinePath(name), reference(id));

  /** An interface in the set's network, and what makes a machine with it. */
  const bodyOfNew = async (name: string, more: object = {}) => {
    const path = `resourceGroups/web/providers/Microsoft.Network/networkInterfaces/${name}-nic`;
    const subnet = {
      id: stage.set.id.replace(/\/providers\/.*/, '/providers/Microsoft.Network/virtualNetworks/shop/subnets/nodes'),
    };
    const ipConfigurations = [{ name: 'ip', properties: { subnet } }];
    assert.equal(stage.call('PUT', path, { location, properties: { ipConfigurations } }).status, 201);
    await stage.pass(5_000);
    const id = `/subscriptions/00000000-0000-4000-8000-000000000001/${path}`;
    return {
      location,
      hardwareProfile: { vmSize: 'Standard_D4s_v5' },
      storageProfile: { imageReference: { id: stage.one.id } },
      osProfile: { computerName: name, adminUsername: 'me', adminPassword: 'Secret-1' },
      networkProfile: { networkInterfaces: [{ id }] },
      virtualMachineScaleSet: { id: stage.set.id },
      ...more,
    };
  };

  it('may be made outside, with a name, a size and a place of their own', async () => {
    const { sdk, play, set } = open();
    const made = await play(sdk.virtualMachines.createOrUpdate('web', 'pet', await bodyOfNew('pet')));
    assert.deepEqual([made.provisioningState, made.virtualMachineScaleSet?.id], ['Succeeded', set.id]);
    const machines = await machinesOf(stage, set.id);
    assert.deepEqual(machines.map(({ hardwareProfile }) => hardwareProfile?.vmSize).sort(), [
      'Standard_D2s_v5',
      'Standard_D2s_v5',
      'Standard_D2s_v5',
      'Standard_D4s_v5',
    ]);
    const pet = machines.find(({ name }) => name === 'pet');
    assert.deepEqual([pet?.osProfile?.computerName, pet?.storageProfile?.osDisk?.deleteOption], ['pet', 'Detach']);
    const seen = await play(sdk.virtualMachineScaleSetVMs.get('web', 'shop', 'pet'));
    assert.equal(seen.latestModelApplied, false);
    assert.equal(set.sku.capacity, 3);
  });

  it('that were made outside count for none of the ten models', async () => {
    const { sdk, play, set, call, two, one, pass } = open();
    await play(sdk.virtualMachines.createOrUpdate('web', 'pet', await bodyOfNew('pet')));
    for (let write = 1; write <= 9; write += 1) {
      const virtualMachineProfile = { storageProfile: { imageReference: { id: write % 2 ? two.id : one.id } } };
      const answer = call('PATCH', shop, { sku: { capacity: 3 + write }, properties: { virtualMachineProfile } });
      assert.equal(answer.status, 200, `write ${write}`);
      await pass(120_000);
    }
    assert.equal(set.model.number, 10);
  });

  it('may come in later and leave again, running all the while', async () => {
    const { sdk, play, world, one, set } = open();
    const { id } = addVirtualMachine(world, { name: 'pet', image: one.id });
    const joined = await play(sdk.virtualMachines.update('web', 'pet', { virtualMachineScaleSet: { id: set.id } }));
    assert.equal(joined.virtualMachineScaleSet?.id, set.id);
    assert.deepEqual([world.resources.virtualMachines.size, stage.names().at(-1)], [0, 'pet']);
    assert.equal(stage.members().at(-1)?.power, 'running');
    assert.equal(patch('pet', null).status, 200);
    assert.deepEqual(
      [stage.names().length, world.resources.virtualMachines.get(id.toLowerCase())?.power],
      [3, 'running'],
    );
  });

  it('made by the set may leave it, and are then left alone by it', async () => {
    const { sdk, play, world, names, two } = open();
    const [first = ''] = names();
    const body = { virtualMachineScaleSet: { id: null } } as never;
    const alone = await play(sdk.virtualMachines.update('web', first, body));
    assert.equal(alone.virtualMachineScaleSet, undefined);
    assert.equal(names().includes(first), false);
    const virtualMachineProfile = { storageProfile: { imageReference: { id: two.id } } };
    await play(sdk.virtualMachineScaleSets.update('web', 'shop', { virtualMachineProfile }));
    await play(sdk.virtualMachineScaleSets.updateInstances('web', 'shop', { instanceIds: ['*'] }));
    const found = await play(sdk.virtualMachines.get('web', first, { expand: 'instanceView' }));
    assert.equal(found.storageProfile?.imageReference?.id, stage.one.id);
    assert.equal(found.instanceView?.statuses?.at(-1)?.code, 'PowerState/running');
    await play(sdk.virtualMachineScaleSets.delete('web', 'shop'));
    assert.deepEqual(
      [...world.resources.virtualMachines.values()].map(({ name }) => name),
      [first],
    );
    await play(sdk.virtualMachines.delete('web', first));
    assert.deepEqual([world.resources.disks.size, world.resources.networkInterfaces.size], [0, 0]);
  });

  it('keep their run commands when they leave', async () => {
    const { sdk, play, names } = open();
    const [first = ''] = names();
    const { virtualMachineRunCommands: commands } = sdk;
    await play(commands.createOrUpdate('web', first, 'why', { location, source: { script: 'true' } }));
    patch(first, null);
    const kept = await play(commands.getByVirtualMachine('web', first, 'why'));
    assert.equal(kept.provisioningState, 'Succeeded');
  });

  it('do not leave while something is being done to them', () => {
    const { call, names } = open();
    call('POST', `${machinePath(nth(names(), 0))}/restart`);
    assertRefused(patch(nth(names(), 0), null), 409, 'Conflict');
  });

  it('do not come in while something is being done to them', () => {
    const { world, one, call, set } = open();
    addVirtualMachine(world, { name: 'pet', image: one.id });
    call('POST', `${machinePath('pet')}/restart`);
    assertRefused(patch('pet', set.id), 409, 'Conflict');
  });

  it('change from one set to another only by way of none', () => {
    const { world, one, names } = open();
    const other = addScaleSet(world, { name: 'other', image: one.id, capacity: 0, orchestration: 'Flexible' });
    assertRefused(patch(nth(names(), 0), other.id), 409, 'PropertyChangeNotAllowed', /virtualMachineScaleSet\.id/);
    assert.equal(patch(nth(names(), 0), stage.set.id).status, 200);
    assert.equal(patch(nth(names(), 0), null).status, 200);
    const [moved] = world.resources.virtualMachines.values();
    assert.equal(patch(moved?.name ?? '', other.id).status, 200);
  });

  const strangers = [
    {
      title: 'a set that is not there',
      to: (s: FlexibleStage) => `${s.set.id}x`,
      code: 'InvalidParameter',
      words: /does not exist/,
    },
    {
      title: 'a Uniform set',
      to: (s: FlexibleStage) => addScaleSet(s.world, { name: 'u', image: s.one.id, capacity: 0 }).id,
      code: 'OperationNotAllowed',
      words: /does not have orchestration mode set to 'Flexible'/,
    },
    {
      title: 'a set of another group',
      to: (s: FlexibleStage) =>
        addScaleSet(s.world, { name: 'f', group: 'far', image: s.one.id, capacity: 0, orchestration: 'Flexible' }).id,
      code: 'InvalidParameter',
      words: /one resource group/,
    },
    {
      title: 'a set with zones',
      to: (s: FlexibleStage) =>
        addScaleSet(s.world, { name: 'z', image: s.one.id, capacity: 0, orchestration: 'Flexible', zones: ['1'] }).id,
      code: 'InvalidParameter',
      words: /zone of Virtual Machine 'pet'/,
    },
    {
      title: 'a set with several fault domains',
      to: (s: FlexibleStage) =>
        addScaleSet(s.world, { name: 'd', image: s.one.id, capacity: 0, orchestration: 'Flexible', faultDomains: 3 })
          .id,
      code: 'VmssDoesNotSupportAttachingExistingVMMultiFD',
      words: /more than 1 fault domains/,
    },
    {
      title: 'a set in a single placement group',
      to: (s: FlexibleStage) => {
        s.set.properties = { ...s.set.properties, singlePlacementGroup: true };
        return s.set.id;
      },
      code: 'VmssDoesNotSupportAttachingWithSpg',
      words: /single placement group/,
    },
  ] as const;
  for (const { title, to, code, words } of strangers)
    it(`do not come from outside into ${title}`, () => {
      const { world, one } = open();
      addVirtualMachine(world, { name: 'pet', image: one.id });
      const answer = patch('pet', to(stage));
      assertRefused(answer, answer.status, code, words);
      assert.equal(world.resources.virtualMachines.size, 1);
    });

  it('do not leave a set with several fault domains, but may be made in one, in a domain of choice', async () => {
    const { sdk, play, names, members } = open({}, { faultDomains: 3 });
    assertRefused(patch(nth(names(), 0), null), 409, 'OperationNotAllowed', /more than 1 fault domains/);
    const pet = await bodyOfNew('pet', { platformFaultDomain: 2 });
    const astray = sdk.virtualMachines.createOrUpdate('web', 'pet', { ...pet, platformFaultDomain: 3 });
    await assert.rejects(play(astray), { code: 'InvalidParameter', message: /less than 3/ });
    await play(sdk.virtualMachines.createOrUpdate('web', 'pet', pet));
    assert.deepEqual(
      members().map(({ faultDomain }) => faultDomain),
      [0, 1, 2, 2],
    );
  });
});
