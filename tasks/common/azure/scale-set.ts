import type { VirtualMachineScaleSet, VirtualMachineScaleSetUpdate } from '@azure/arm-compute';
import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import { armFailure, isLostAnswer, isStatus } from './arm-failure.ts';
import type { Azure } from './connect.ts';

/** A scale set, and the account that reaches it. */
export interface ScaleSetRef {
  readonly resourceGroup: string;
  readonly name: string;
}

/** The parts of a scale set's model that a rollout reads. */
export interface ScaleSetModel {
  readonly location: string;
  readonly etag: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly capacity: number;
  readonly orchestration: 'Uniform' | 'Flexible';
  readonly upgradeMode: string;
  readonly automaticOsUpgrade: boolean;
  /** The image of the model, as an ARM id; empty for a marketplace image. */
  readonly image: string;
  readonly zones: readonly string[];
  readonly hasHealthSource: boolean;
  readonly osType: 'Linux' | 'Windows';
  /** Another service that owns the set (AKS, Batch, Service Fabric, agent pools), or empty. */
  readonly managedBy: string;
}

export async function readScaleSet(azure: Azure, set: ScaleSetRef): Promise<ScaleSetModel> {
  try {
    return toModel(await azure.compute.virtualMachineScaleSets.get(set.resourceGroup, set.name));
  } catch (error) {
    throw armFailure(error, `Reading scale set ${set.name} in resource group ${set.resourceGroup}`);
  }
}

export interface Change {
  /** For the error message: what is being attempted. */
  readonly what: string;
  /** `done` waits until Azure has finished; `accepted` is for a task that is about to be killed. */
  readonly until: 'done' | 'accepted';
  /** Sees the set as it is now and says what to write; undefined when it is already as wanted. */
  readonly update: (model: ScaleSetModel) => VirtualMachineScaleSetUpdate | undefined;
  /** Hears why it takes so long. */
  readonly remark: (text: string) => void;
}

/** How long a change is tried anew while Azure is busy with the set: longer than it lets a machine boot (20 minutes). */
const patienceMs = 25 * 60_000;

/**
 * Changes a scale set under its etag. When somebody wrote in between (412) or Azure is busy (409) the set is read and
 * asked again, so a write whose answer was lost is looked up before it is repeated. Returns the set as last read.
 */
export async function changeScaleSet(
  azure: Azure,
  set: ScaleSetRef,
  clock: Clock,
  change: Change,
): Promise<ScaleSetModel> {
  const deadline = clock.now() + patienceMs;
  for (let attempt = 1; ; attempt += 1) {
    const model = await readScaleSet(azure, set);
    const update = change.update(model);
    if (!update) return model;
    const refusal = await write(azure, set, update, model.etag, change.until);
    if (!refusal && change.until === 'accepted') return model;
    const again = !refusal || isStatus(refusal, 412) || isStatus(refusal, 409) || isLostAnswer(refusal);
    if (!again || clock.now() >= deadline)
      throw armFailure(refusal ?? neverShown, `${change.what} of scale set ${set.name}`);
    if (!refusal) continue;
    if (attempt === 3) change.remark(`${change.what} waits: Azure is still busy with scale set ${set.name}`);
    await clock.sleep(Math.min(20_000, 1_000 * 2 ** attempt));
  }
}

const neverShown = new Error('Azure accepted the write, but the scale set does not show it');

async function write(
  azure: Azure,
  set: ScaleSetRef,
  update: VirtualMachineScaleSetUpdate,
  ifMatch: string,
  until: Change['until'],
): Promise<unknown> {
  try {
    const poller = azure.compute.virtualMachineScaleSets.update(set.resourceGroup, set.name, update, { ifMatch });
    await (until === 'done' ? poller.pollUntilDone() : poller.submitted());
    return undefined;
  } catch (error) {
    return error ?? new Error('unknown error');
  }
}

/** The smallest PATCH that changes the image of the model and nothing else (azure.md §2). */
export const imagePatch = (imageId: string): VirtualMachineScaleSetUpdate => ({
  virtualMachineProfile: { storageProfile: { imageReference: { id: imageId } } },
});

function toModel(set: VirtualMachineScaleSet): ScaleSetModel {
  const { etag } = set;
  if (etag === undefined)
    throw new Failure(
      'NoEtag',
      `Azure sent scale set ${set.name} without an etag`,
      'Run the task again; if it stays so, report it with the correlation id.',
    );
  return {
    location: set.location,
    etag,
    tags: set.tags ?? {},
    capacity: set.sku?.capacity ?? 0,
    orchestration: set.orchestrationMode === 'Flexible' ? 'Flexible' : 'Uniform',
    upgradeMode: set.upgradePolicy?.mode ?? '',
    automaticOsUpgrade: set.upgradePolicy?.automaticOSUpgradePolicy?.enableAutomaticOSUpgrade === true,
    image: set.virtualMachineProfile?.storageProfile?.imageReference?.id ?? '',
    osType:
      set.virtualMachineProfile?.storageProfile?.osDisk?.osType === 'Windows' ||
      set.virtualMachineProfile?.osProfile?.windowsConfiguration
        ? 'Windows'
        : 'Linux',
    zones: set.zones ?? [],
    hasHealthSource: hasHealthSource(set),
    managedBy: managedBy(set),
  };
}

/** A Load Balancer probe, or the Application Health extension (health extension page): only one of them may be set. */
function hasHealthSource(set: VirtualMachineScaleSet): boolean {
  const profile = set.virtualMachineProfile;
  if (profile?.networkProfile?.healthProbe?.id !== undefined) return true;
  return (profile?.extensionProfile?.extensions ?? []).some(
    ({ publisher, typePropertiesType, type }) =>
      publisher === 'Microsoft.ManagedServices' && (typePropertiesType ?? type ?? '').startsWith('ApplicationHealth'),
  );
}

/** Tags by which the services mark the sets that they own; their nodes are theirs to upgrade. */
const ownerTags: readonly (readonly [tag: string, service: string])[] = [
  ['aks-managed-poolName', 'AKS'],
  ['BatchAccountName', 'Batch'],
  ['__AzureDevOpsElasticPool', 'an Azure DevOps agent pool'],
];

function managedBy(set: VirtualMachineScaleSet): string {
  const names = Object.keys(set.tags ?? {}).map((name) => name.toLowerCase());
  const byTag = ownerTags.find(([tag]) => names.includes(tag.toLowerCase()));
  if (byTag) return byTag[1];
  const extensions = set.virtualMachineProfile?.extensionProfile?.extensions ?? [];
  return extensions.some(({ publisher }) => publisher === 'Microsoft.Azure.ServiceFabric') ? 'Service Fabric' : '';
}
