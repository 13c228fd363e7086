import assert from 'node:assert/strict';
import { type Bench, codeOf, openBench } from '../../support.ts';
import { machineBody, makeInterface, makeMachine } from '../support.ts';

describe('Virtual machines', () => {
  let bench: Bench;
  let path: string;
  beforeEach(() => {
    bench = openBench();
    bench.arm('PUT /resourceGroups/build', { location: 'koreacentral' });
    path = makeMachine(bench, 'build', 'vm');
  });
  afterEach(() => bench.close());

  const power = () => {
    const { statuses } = bench.arm(`GET ${path}/instanceView`).body as { statuses: { code: string }[] };
    return statuses.map(({ code }) => code);
  };

  it('show their disk and their image, and no secret', () => {
    const { properties } = bench.arm(`GET ${path}`).body as { properties: Properties };
    assert.match(properties.storageProfile.osDisk.managedDisk.id, /\/disks\/vm_OsDisk_1_[0-9a-f]{32}$/);
    assert.equal(properties.storageProfile.imageReference.offer, 'ubuntu-24_04-lts');
    assert.deepEqual(properties.osProfile, {
      allowExtensionOperations: true,
      computerName: 'builder',
      adminUsername: 'packer',
      secrets: [],
    });
  });

  it('have a disk that cannot go before them, and stays after them', () => {
    const [disk] = bench.world.resources.disks.values();
    const diskPath = disk?.id.slice(bench.subscription.length) ?? '';
    assert.equal(codeOf(bench.arm(`DELETE ${diskPath}`)), 'OperationNotAllowed');
    bench.finish(`DELETE ${path}`);
    assert.equal(codeOf(bench.arm(`GET ${path}`)), 'ResourceNotFound');
    assert.equal(bench.finish(`DELETE ${diskPath}`).status, 'Succeeded');
  });

  it('take along what a PATCH or their first PUT has given to Delete, and are gone without an error', () => {
    const nic = makeInterface(bench, 'build', 'two');
    const body = machineBody(nic);
    const networkInterfaces = [{ id: nic, properties: { deleteOption: 'Delete' } }];
    const second = path.replace(/vm$/, 'two');
    bench.finish(`PUT ${second}`, {
      ...body,
      properties: { ...body.properties, networkProfile: { networkInterfaces } },
    });
    const osDisk = { createOption: 'FromImage', deleteOption: 'Delete' };
    assert.equal(bench.arm(`PATCH ${second}`, { properties: { storageProfile: { osDisk } } }).status, 200);
    const { disks, networkInterfaces: interfaces } = bench.world.resources;
    assert.deepEqual([disks.size, interfaces.size], [2, 2]);
    bench.finish(`DELETE ${second}`);
    assert.deepEqual([disks.size, interfaces.size], [1, 1]);
    assert.equal(bench.arm(`DELETE ${second}`).status, 204);
  });

  it('keep their tags, and refuse a stale etag', () => {
    const { etag } = bench.arm(`PATCH ${path}`, { tags: { role: 'builder' } }).body as { etag: string };
    assert.equal(codeOf(bench.arm(`PATCH ${path}`, { tags: {} }, { 'if-match': '"0"' })), 'PreconditionFailed');
    const body = { location: 'koreacentral', tags: { role: 'x' } };
    assert.equal(bench.arm(`PUT ${path}`, body, { 'if-match': etag }).status, 200);
    assert.deepEqual((bench.arm(`GET ${path}`).body as { tags: object }).tags, { role: 'x' });
  });

  it('run commands, which go with them', () => {
    const properties = { source: { script: 'uptime' } };
    const command = `${path}/runCommands/look`;
    assert.equal(bench.finish(`PUT ${command}`, { location: 'koreacentral', properties }).status, 'Succeeded');
    assert.equal(
      (bench.arm(`GET ${command}`).body as { type: string }).type,
      'Microsoft.Compute/virtualMachines/runCommands',
    );
    bench.finish(`DELETE ${path}`);
    assert.equal(bench.world.compute.runCommands.size, 0);
  });

  it('are reimaged in scale sets only: a gap', () => {
    assert.equal(codeOf(bench.arm(`POST ${path}/reimage`)), 'OperationNotAllowed');
  });

  it('are deallocated, generalized, and never started again', () => {
    assert.equal(codeOf(bench.arm(`POST ${path}/generalize`)), 'OperationNotAllowed');
    assert.equal(bench.finish(`POST ${path}/deallocate`).status, 'Succeeded');
    assert.deepEqual(power(), ['ProvisioningState/succeeded', 'PowerState/deallocated']);
    assert.equal(bench.arm(`POST ${path}/generalize`).status, 200);
    assert.deepEqual(power(), ['ProvisioningState/succeeded', 'OSState/generalized', 'PowerState/deallocated']);
    assert.equal(codeOf(bench.arm(`POST ${path}/start`)), 'OperationNotAllowed');
  });

  it('are powered off, started and restarted', () => {
    bench.finish(`POST ${path}/powerOff`);
    assert.deepEqual(power().at(-1), 'PowerState/stopped');
    bench.finish(`POST ${path}/start`);
    assert.deepEqual(power().at(-1), 'PowerState/running');
    assert.equal(bench.finish(`POST ${path}/restart`).status, 'Succeeded');
    assert.deepEqual(power().at(-1), 'PowerState/running');
  });

  it('do one thing at a time', () => {
    bench.arm(`POST ${path}/deallocate`);
    const second = bench.arm(`POST ${path}/restart`);
    assert.deepEqual([second.status, codeOf(second)], [409, 'Conflict']);
  });

  it('need an interface that is there and free', () => {
    const make = (id: string) =>
      bench.arm('PUT /resourceGroups/build/providers/Microsoft.Compute/virtualMachines/two', machineBody(id));
    const free = makeInterface(bench, 'build', 'two');
    assert.equal(codeOf(make(`${free}-gone`)), 'NotFound');
    assert.equal(codeOf(make(free.replace('two-nic', 'vm-nic'))), 'InvalidParameter');
    assert.equal(make(free).status, 201);
  });

  it('have a disk that shows by an id which image it was made of', () => {
    const [disk] = bench.world.resources.disks.values();
    const { body } = bench.arm(`GET https://management.azure.com${disk?.id}?api-version=2024-03-02`);
    assert.match(
      JSON.stringify(body),
      /"imageReference":\{"id":"[^"]+\/Locations\/koreacentral\/Publishers\/Canonical\/[^"]+\/Versions\/[\d.]+"\}/,
    );
  });

  it('are copied into a snapshot', () => {
    const [disk] = bench.world.resources.disks.values();
    const creationData = { createOption: 'Copy', sourceUri: disk?.id };
    const snapshot = '/resourceGroups/build/providers/Microsoft.Compute/snapshots/s1';
    assert.equal(
      bench.finish(`PUT ${snapshot}`, { location: 'koreacentral', properties: { creationData } }).status,
      'Succeeded',
    );
    assert.equal(bench.arm(`GET ${snapshot}`).status, 200);
  });

  it('have the address at which their machine is reached, and none when they are gone', () => {
    const key = `${bench.subscription}${path}`.toLowerCase();
    bench.world.machines.address = (id) => (id === key ? '127.0.0.9' : undefined);
    const network = '/resourceGroups/build/providers/Microsoft.Network';
    const ip = `GET ${network}/publicIPAddresses/vm-ip`;
    const address = () => (bench.arm(ip).body as { properties: { ipAddress?: string } }).properties.ipAddress;
    assert.equal(address(), '127.0.0.9');
    assert.match(
      JSON.stringify(bench.arm(`GET ${network}/networkInterfaces/vm-nic`).body),
      /"privateIPAddress":"127\.0\.0\.9"/,
    );
    bench.finish(`DELETE ${path}`);
    assert.equal(address(), undefined);
  });
});

interface Properties {
  readonly storageProfile: {
    readonly osDisk: { readonly managedDisk: { readonly id: string } };
    readonly imageReference: { readonly offer: string };
  };
  readonly osProfile: object;
}
