import assert from 'node:assert/strict';
import type { VirtualMachineScaleSetVM } from '@azure/arm-compute';
import { toNode } from '../../../tasks/common/azure/nodes.ts';
import { looksHealthy } from '../../../tasks/common/rollout/node.ts';

const vm = (changes: Partial<VirtualMachineScaleSetVM> = {}): VirtualMachineScaleSetVM => ({
  location: 'koreacentral',
  instanceId: '3',
  name: 'web_3',
  latestModelApplied: true,
  provisioningState: 'Succeeded',
  storageProfile: { imageReference: { id: '/galleries/g/images/web/versions/1.0.0' } },
  instanceView: {
    statuses: [{ code: 'ProvisioningState/succeeded' }, { code: 'PowerState/running' }],
    vmHealth: { status: { code: 'HealthState/healthy' } },
  },
  ...changes,
});

describe('toNode', () => {
  it('knows a node that serves', () => assert.ok(looksHealthy(toNode(vm()))));

  it('knows the fault domain that the instance view names', () => {
    assert.equal(toNode(vm({ instanceView: { platformFaultDomain: 2 } })).faultDomain, '2');
    assert.equal(toNode(vm()).faultDomain, '');
  });

  const withDisk = (osDisk: object) =>
    toNode(vm({ storageProfile: { osDisk: { createOption: 'FromImage', ...osDisk } } })).disk;

  it('knows one OS disk from another by a short print of its id, whatever its case', () => {
    const disk = withDisk({ name: 'a', managedDisk: { id: '/disks/web_3_1' } });
    assert.match(disk ?? '', /^[\w-]{4}$/);
    assert.equal(withDisk({ name: 'a', managedDisk: { id: '/DISKS/Web_3_1' } }), disk);
    assert.notEqual(withDisk({ name: 'a', managedDisk: { id: '/disks/web_3_2' } }), disk);
  });

  it('knows it by its name where it has no id, and not at all where it has none', () => {
    assert.notEqual(withDisk({ name: 'a' }), withDisk({ name: 'b' }));
    assert.equal(withDisk({}), undefined);
    assert.equal(toNode(vm()).disk, undefined);
  });

  const tags: readonly (readonly [Record<string, string> | undefined, boolean])[] = [
    [undefined, false],
    [{ 'phoenix-leave-out': 'true' }, true],
    [{ 'Phoenix-Leave-Out': ' TRUE ' }, true],
    [{ 'phoenix-leave-out': 'ture' }, true],
    [{ 'phoenix-leave-out': '' }, true],
    [{ 'phoenix-leave-out': 'False' }, false],
    [{ 'phoenix-leave-out-not': 'true' }, false],
  ];
  for (const [given, leaveOut] of tags)
    it(`${leaveOut ? 'leaves out' : 'takes'} a node with tags ${JSON.stringify(given)}`, () =>
      assert.equal(toNode(vm(given && { tags: given })).leaveOut, leaveOut));

  it('takes the image of the node’s own disk, whatever latestModelApplied says', () => {
    for (const latestModelApplied of [true, false])
      assert.equal(toNode(vm({ latestModelApplied })).image, '/galleries/g/images/web/versions/1.0.0');
  });

  it('calls health unknown that Azure does not tell', () => {
    const { statuses } = vm().instanceView ?? {};
    for (const vmHealth of [undefined, {}, { status: { code: 'HealthState/unknown' } }, { status: { code: 'new' } }]) {
      const node = toNode(vm({ instanceView: { ...(statuses && { statuses }), ...(vmHealth && { vmHealth }) } }));
      assert.deepEqual([node.health, looksHealthy(node)], ['unknown', false]);
    }
  });

  it('keeps since when it is so, where Azure tells', () => {
    const { statuses = [] } = vm().instanceView ?? {};
    const healthTime = (time?: Date) =>
      toNode(vm({ instanceView: { statuses, vmHealth: { status: { code: '', ...(time && { time }) } } } })).healthTime;
    assert.deepEqual([healthTime(new Date(5)), healthTime(new Date('soon')), healthTime()], [5, undefined, undefined]);
  });

  it('takes a state that it does not know for work in progress', () =>
    assert.equal(toNode(vm({ provisioningState: 'Migrating' })).provisioning, 'working'));

  it('keeps what Azure says of a node that failed', () => {
    const statuses = [{ code: 'ProvisioningState/failed/AllocationFailed', message: 'no room' }];
    assert.equal(toNode(vm({ instanceView: { statuses } })).problem, 'AllocationFailed: no room');
  });
});
