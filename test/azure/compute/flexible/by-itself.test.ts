import assert from 'node:assert/strict';
import { addAllocationFailure } from '../allocation/failures.ts';
import { shop } from '../support.ts';
import { type FlexibleStage, machinePath, nth, openFlexible } from './support.ts';

describe('what happens to a Flexible set by itself', () => {
  let stage: FlexibleStage;
  afterEach(() => stage.close());
  const open = (...options: Parameters<typeof openFlexible>) => {
    stage = openFlexible(...options);
    return stage;
  };
  const parts = () => [stage.world.resources.disks.size, stage.world.resources.networkInterfaces.size];

  it('repairs put a new machine, with parts of its own, in the place of a sick one', async () => {
    const sick = new Set<string>();
    const health = ({ id }: { readonly id: string }, now: number) =>
      sick.has(id) ? ({ state: 'unhealthy', since: now } as const) : undefined;
    const { members, names, pass, set } = open({}, { automaticRepairs: true }, { health });
    const before = names();
    sick.add(nth(members(), 1).id.toLowerCase());
    await pass(15 * 60_000);
    assert.deepEqual([names().length, names().includes(nth(before, 1)), set.sku.capacity], [3, false, 3]);
    assert.deepEqual(parts(), [3, 3]);
  });

  it('a machine is told before it is deleted, by itself as by its set', async () => {
    const { call, names, pass } = open({}, { terminateNotification: 'PT5M' });
    const [first = '', second = ''] = names();
    call('DELETE', machinePath(first));
    call('POST', `${shop}/delete`, { instanceIds: [second] });
    await pass(4 * 60_000);
    assert.deepEqual([names().length, parts()], [3, [3, 3]]);
    await pass(2 * 60_000);
    assert.deepEqual([names().length, parts()], [1, [1, 1]]);
  });

  for (const [rule, left] of [
    ['OldestVM', [1, 2]],
    ['NewestVM', [0, 1]],
    ['Default', [0, 1]],
  ] as const)
    it(`a lower capacity costs the machine that ${rule} chooses`, async () => {
      const { call, names, pass } = open();
      const before = names();
      call('PATCH', shop, { properties: { scaleInPolicy: { rules: [rule] } } });
      await pass(10_000);
      call('PATCH', shop, { sku: { capacity: 2 } });
      await pass(60_000);
      assert.deepEqual(
        names(),
        left.map((index) => before[index]),
      );
    });

  it('a machine that finds no place is there by name, with its parts, and a later start finds one', async () => {
    const { sdk, play, world, names, members } = open();
    addAllocationFailure(world, { code: 'AllocationFailed', times: 1 });
    const grown = play(sdk.virtualMachineScaleSets.update('web', 'shop', { sku: { capacity: 4 } }));
    await assert.rejects(grown, /AllocationFailed/);
    const last = nth(names(), 3);
    const view = await play(sdk.virtualMachines.instanceView('web', last));
    assert.deepEqual(
      view.statuses?.map(({ code }) => code),
      ['ProvisioningState/failed/AllocationFailed', 'PowerState/deallocated'],
    );
    await play(sdk.virtualMachines.start('web', last));
    assert.deepEqual([nth(members(), 3).power, parts()], ['running', [4, 4]]);
  });

  it('a stopped machine leaves behind what it has written, on a disk that is to stay', async () => {
    const { sdk, play, world, names } = open();
    const [first = ''] = names();
    const osDisk = { createOption: 'FromImage', deleteOption: 'Detach' } as const;
    await play(sdk.virtualMachines.update('web', first, { storageProfile: { osDisk } }));
    world.machines.capture = (_id, done) => done({ content: 'what was written' });
    await play(sdk.virtualMachines.deallocate('web', first));
    await play(sdk.virtualMachines.delete('web', first));
    const kept = [...world.resources.disks.values()].filter(({ managedBy }) => managedBy === undefined);
    assert.deepEqual(
      kept.map(({ content }) => content),
      [{ content: 'what was written' }],
    );
  });
});
