import type { InstanceViewStatus, VirtualMachineScaleSetVM } from '@azure/arm-compute';
import type { Node } from '../rollout/node.ts';
import { diskPrintOf } from './disk-print.ts';
import { textIn } from './read-failure.ts';
import { shownByNode } from './shown-parts.ts';

/**
 * Azure's words for one instance of a Uniform set, translated once. The image is what the instance's own storage
 * profile names: `latestModelApplied` is only a hint (azure-cli#18259, #28008).
 * Status codes: the VM instance view pages, `ProvisioningState/…`, `PowerState/…`, `HealthState/…`.
 */
export function toNode(vm: VirtualMachineScaleSetVM): Node {
  const statuses = vm.instanceView?.statuses ?? [];
  const model = modelOf(vm);
  return {
    id: textIn(vm.instanceId) ?? '',
    name: textIn(vm.name) ?? textIn(vm.instanceId) ?? '',
    zone: textIn(vm.zones?.[0]) ?? '',
    faultDomain: String(vm.instanceView?.platformFaultDomain ?? ''),
    image: textIn(vm.storageProfile?.imageReference?.id) ?? '',
    provisioning: provisioningOf(vm.provisioningState),
    running: statusOf(statuses, 'PowerState') === 'running',
    health: healthOf(vm.instanceView?.vmHealth?.status?.code),
    ...healthTimeOf(vm.instanceView?.vmHealth?.status?.time),
    protected: vm.protectionPolicy?.protectFromScaleSetActions === true,
    leaveOut: asksToBeLeftOut(vm.tags),
    problem: problemIn(statuses),
    ...diskPrintOf(vm),
    ...(model && { model }),
    shows: shownByNode(vm),
  };
}

/** `phoenix-leave-out: true` on the instance. Any value but `false` counts, since a typing mistake must not cost a node. */
function asksToBeLeftOut(tags: VirtualMachineScaleSetVM['tags']): boolean {
  const tag = Object.entries(tags ?? {}).find(([name]) => name.toLowerCase() === 'phoenix-leave-out');
  return tag !== undefined && tag[1].trim().toLowerCase() !== 'false';
}

/** `modelDefinitionApplied` VirtualMachine: somebody changed this one instance, and its model is its own. */
function modelOf({ latestModelApplied, modelDefinitionApplied }: VirtualMachineScaleSetVM): Node['model'] {
  if (modelDefinitionApplied?.toLowerCase() === 'virtualmachine') return 'own';
  if (latestModelApplied === undefined) return undefined;
  return latestModelApplied ? 'latest' : 'older';
}

function provisioningOf(state: string | undefined): Node['provisioning'] {
  switch (state?.toLowerCase()) {
    case 'succeeded':
      return 'succeeded';
    case 'failed':
    case 'canceled':
      return 'failed';
    case 'deleting':
      return 'deleting';
    default:
      return 'working';
  }
}

/** A set without a health source reports nothing here; that is unknown, and unknown is not serving. */
function healthOf(code: string | undefined): Node['health'] {
  switch (code?.toLowerCase()) {
    case 'healthstate/healthy':
      return 'healthy';
    case 'healthstate/unhealthy':
      return 'unhealthy';
    case 'healthstate/initializing':
      return 'initializing';
    default:
      return 'unknown';
  }
}

/** The time of the status: that of its last change, where Azure keeps that; a text that is no time says nothing. */
function healthTimeOf(time: Date | undefined): Pick<Node, 'healthTime'> {
  const healthTime = time instanceof Date ? time.getTime() : Number.NaN;
  return Number.isFinite(healthTime) ? { healthTime } : {};
}

const statusOf = (statuses: readonly InstanceViewStatus[], kind: string) =>
  statuses.find(({ code }) => code?.toLowerCase().startsWith(`${kind.toLowerCase()}/`))?.code?.split('/')[1];

/** `ProvisioningState/failed/AllocationFailed` with its sentence. */
function problemIn(statuses: readonly InstanceViewStatus[]): string {
  const failed = statuses.find(({ code }) => code?.toLowerCase().startsWith('provisioningstate/failed'));
  if (!failed) return '';
  return [failed.code?.split('/')[2], failed.message].filter((part) => part !== undefined && part !== '').join(': ');
}
