import type { VirtualMachineScaleSetVM } from '@azure/arm-compute';
import { Failure } from '../failure.ts';
import { armAnswer, armFailure, isLostAnswer, isStatus } from './arm-failure.ts';
import { isBusy } from './busy.ts';
import type { Azure } from './connect.ts';
import type { ScaleSetRef } from './scale-set.ts';

/**
 * `asked`: Azure has taken the write, or its answer was lost: the next looks tell. `so`: it is so already. `busy`: Azure takes
 * no write of this node now, or somebody wrote it in between. `gone`: there is no such node any more.
 */
export type ProtectionAnswer = 'asked' | 'so' | 'busy' | 'gone';

/**
 * Turns the protection of one node from actions of the set on or off (update of a virtual machine of the set). A PUT of compute
 * leaves what it does not name as it is; tags go along as they were read, since they are taken as a whole. Protection
 * from scale-in stays on either way: the other needs it (azure.md §9), so it was on before.
 */
export async function writeProtection(
  azure: Azure,
  set: ScaleSetRef,
  nodeId: string,
  isProtected: boolean,
): Promise<ProtectionAnswer> {
  const attempted = `${isProtected ? 'Giving back' : 'Lifting'} the protection of instance ${nodeId} of scale set ${set.name}`;
  try {
    const vm = await azure.compute.virtualMachineScaleSetVMs.get(set.resourceGroup, set.name, nodeId);
    const state = vm.provisioningState?.toLowerCase();
    if (state === 'deleting') return 'gone';
    if ((vm.protectionPolicy?.protectFromScaleSetActions === true) === isProtected) return 'so';
    if (state !== 'succeeded' && state !== 'failed') return 'busy';
    await put(azure, set, nodeId, vm, isProtected);
    return 'asked';
  } catch (error) {
    if (isGone(error)) return 'gone';
    if (isBusy(error) || isStatus(error, 412)) return 'busy';
    throw armFailure(error, attempted);
  }
}

/** Under the etag that was read: what somebody wrote in between stays. A lost answer is no error, the node tells. */
async function put(
  azure: Azure,
  { resourceGroup, name }: ScaleSetRef,
  nodeId: string,
  { etag, location, tags, protectionPolicy }: VirtualMachineScaleSetVM,
  isProtected: boolean,
): Promise<void> {
  if (etag === undefined) throw noEtag(nodeId, name);
  const policy = { ...protectionPolicy, protectFromScaleIn: true, protectFromScaleSetActions: isProtected };
  const written = { location, ...(tags && { tags }), protectionPolicy: policy };
  const nodes = azure.compute.virtualMachineScaleSetVMs;
  try {
    await nodes.update(resourceGroup, name, nodeId, written, { ifMatch: etag }).submitted();
  } catch (error) {
    if (!isLostAnswer(error)) throw error;
  }
}

/** While it is being deleted its own path says so by a code of its own (azure.md §6). */
const isGone = (error: unknown) =>
  isStatus(error, 404) || armAnswer(error).code === 'InstanceIdsListInstanceIdNotActiveVM';

const noEtag = (nodeId: string, set: string) =>
  new Failure(
    'NoEtag',
    `Azure sent instance ${nodeId} of scale set ${set} without an etag`,
    'Run the task again; if it stays so, report it with the correlation id.',
  );
