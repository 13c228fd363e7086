import assert from 'node:assert/strict';
import { addGalleryVersion, addScaleSet, testSubscription } from '../compute/builders.ts';
import { registerSubscription } from '../index.ts';
import { type Bench, codeOf, openBench } from '../support.ts';
import { makeMachine } from './support.ts';

describe('Resource groups', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = openBench();
    bench.arm('PUT /resourceGroups/Web', { location: 'Korea Central', tags: { app: 'shop' } });
  });
  afterEach(() => bench.close());

  it('are made with 201, written again with 200, and found whatever the spelling', () => {
    assert.equal(bench.arm('PUT /resourceGroups/other', { location: 'koreacentral' }).status, 201);
    assert.equal(bench.arm('PUT /resourceGroups/OTHER', { location: 'koreacentral' }).status, 200);
    assert.equal(bench.arm('HEAD /resourcegroups/other').status, 204);
    assert.equal(bench.arm('HEAD /resourcegroups/nowhere').status, 404);
    const { body } = bench.arm('GET /resourcegroups/WEB');
    assert.deepEqual(body, {
      id: `${bench.subscription}/resourceGroups/Web`,
      name: 'Web',
      type: 'Microsoft.Resources/resourceGroups',
      location: 'koreacentral',
      tags: { app: 'shop' },
      properties: { provisioningState: 'Succeeded' },
    });
  });

  it('stay where they are', () => {
    const moved = bench.arm('PUT /resourceGroups/web', { location: 'japaneast' });
    assert.deepEqual([moved.status, codeOf(moved)], [409, 'InvalidResourceGroupLocation']);
    assert.equal(codeOf(bench.arm('PUT /resourceGroups/new', {})), 'LocationRequired');
  });

  it('take all that is in them along, machines and scale sets too', () => {
    registerSubscription(bench.world, { id: testSubscription, name: 'Other', tenantId: bench.directory.tenantId });
    makeMachine(bench, 'web', 'builder');
    addScaleSet(bench.world, {
      name: 'fleet',
      group: 'fleet',
      capacity: 2,
      image: addGalleryVersion(bench.world, { version: '1.0.0' }).id,
    });
    const instances = [...bench.world.compute.instances.keys()];
    const removed = watchRemovals(bench);
    const answer = deleteIn(bench, `/subscriptions/${testSubscription}/resourceGroups/fleet`);
    assert.equal(answer, 200);
    assert.deepEqual(removed, instances);
    assert.deepEqual([bench.world.compute.scaleSets.size, bench.world.compute.instances.size], [0, 0]);
    assert.equal(bench.world.compute.versions.size, 1);
    assert.equal(deleteIn(bench, `${bench.subscription}/resourceGroups/web`), 200);
    const { virtualMachines, disks, networkInterfaces, groups } = bench.world.resources;
    assert.deepEqual([virtualMachines.size, disks.size, networkInterfaces.size], [0, 0, 0]);
    assert.equal(groups.has(`${bench.subscription}/resourcegroups/web`.toLowerCase()), false);
  });

  it('take nothing in while they are being deleted', () => {
    bench.arm('DELETE /resourceGroups/web');
    const late = bench.arm('PUT /resourceGroups/web/providers/Microsoft.Network/publicIPAddresses/ip', {
      location: 'koreacentral',
    });
    assert.deepEqual([late.status, codeOf(late)], [409, 'ResourceGroupBeingDeleted']);
  });
});

/** The machines that are really ended, in order. */
function watchRemovals({ world }: Bench): readonly string[] {
  const removed: string[] = [];
  const remove = world.machines.remove.bind(world.machines);
  world.machines.remove = (id, done) => {
    removed.push(id);
    remove(id, done);
  };
  return removed;
}

/** Deletes by a whole path, waits at the Location, and gives the last status. */
function deleteIn(bench: Bench, path: string): number {
  const accepted = bench.arm(`DELETE https://management.azure.com${path}?api-version=2021-04-01`);
  assert.equal(accepted.headers?.['Azure-AsyncOperation'], undefined);
  for (;;) {
    const { status, headers } = bench.arm(`GET ${accepted.headers?.['Location']}`);
    if (status !== 202) return status;
    assert.equal(headers?.['Retry-After'], '10');
    bench.pass(10_000);
  }
}
