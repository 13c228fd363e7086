import type { VirtualMachineScaleSet, VirtualMachineScaleSetUpdate } from '@azure/arm-compute';
import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { ModelPrint } from '../record/record.ts';
import { armFailure, isLostAnswer, isStatus } from './arm-failure.ts';
import { isBusy } from './busy.ts';
import type { Azure } from './connect.ts';
import { hasPlace } from './has-place.ts';
import { start } from './long-running.ts';
import { printOf } from './model-print.ts';
import { notFound } from './not-found.ts';
import { readFailure, textIn } from './read-failure.ts';
import { type Shown, shownByModel } from './shown-parts.ts';

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
  /** The parts beside the image that an upgrade applies. */
  readonly print: ModelPrint;
  /** What of them a node shows too. */
  readonly shows: Shown;
}

export async function readScaleSet(azure: Azure, set: ScaleSetRef): Promise<ScaleSetModel> {
  const { resourceGroup: group, name } = set;
  try {
    return toModel(hasPlace(await azure.compute.virtualMachineScaleSets.get(group, name), `scale set ${name}`));
  } catch (error) {
    const what = `scale set in resource group ${group}`;
    const missing = notFound(error, { code: 'ScaleSetNotFound', input: 'vmssName', value: name, what, group });
    throw missing ?? readFailure(error, `Reading scale set ${name} in resource group ${group}`);
  }
}

export interface Change {
  /** For the error message: what is being attempted. */
  readonly what: string;
  /** `done` waits until Azure has finished; `accepted` is for a task that is about to be killed. */
  readonly until: 'done' | 'accepted';
  /** Ends the waiting, since a cancelled task has 7.5 seconds: what is accepted by then is enough. */
  readonly cancelled?: AbortSignal;
  /** Sees the set as it is now and says what to write; undefined when it is already as wanted. */
  readonly update: (model: ScaleSetModel) => VirtualMachineScaleSetUpdate | undefined;
  /** Hears why it takes so long. */
  readonly remark: (text: string) => void;
}

/** How long a change is tried anew while Azure is busy with the set: longer than it lets a machine boot (20 minutes). */
const patienceMs = 25 * 60_000;

/** How often a write is made again that Azure took and then did not carry out. */
const maxTaken = 3;

/** A task that is about to be killed asks every second, for so long. */
const lastTriesMs = 5_000;

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
  const hurried = change.until === 'accepted';
  const cancelled = hurried ? undefined : change.cancelled;
  const deadline = clock.now() + (hurried ? lastTriesMs : patienceMs);
  let taken = 0;
  for (let attempt = 1; ; attempt += 1) {
    const model = await readScaleSet(azure, set);
    const update = change.update(model);
    if (!update) return model;
    const { error, accepted } = await write(azure, set, clock, update, model.etag, change);
    if (accepted && (hurried || cancelled?.aborted)) return model;
    if (accepted) taken += 1;
    const again = accepted ? taken <= maxTaken : isStatus(error, 412) || isBusy(error) || isLostAnswer(error);
    if (!again || clock.now() >= deadline || (accepted && error && !(error instanceof Failure)))
      throw armFailure(error ?? neverShown, `${change.what} of scale set ${set.name}`);
    if (accepted && !error) continue;
    if (attempt === 3 && !hurried) change.remark(`${change.what} waits: ${reasonFor(error, set)}`);
    await clock.sleep(hurried ? 1_000 : Math.min(20_000, 1_000 * 2 ** attempt), cancelled);
    if (cancelled?.aborted) throw cancelledIn(change.what);
  }
}

const neverShown = new Error('Azure accepted the write, but the scale set does not show it');

const reasonFor = (error: unknown, set: ScaleSetRef) =>
  isBusy(error) ? `Azure is still busy with scale set ${set.name}` : armFailure(error, 'the write').message;

const cancelledIn = (what: string) =>
  new Failure('Cancelled', `${what} was not waited for: the run was cancelled`, 'Run the task again.');

/**
 * `accepted` with an error: the operation ended badly. It may have had its effect all the same (another write of the set
 * preempts it: `OperationPreempted`, azure.md §6), so the set itself tells.
 */
async function write(
  azure: Azure,
  set: ScaleSetRef,
  clock: Clock,
  update: VirtualMachineScaleSetUpdate,
  ifMatch: string,
  { what, until, cancelled }: Change,
): Promise<{ readonly accepted: boolean; readonly error?: unknown }> {
  const poller = azure.compute.virtualMachineScaleSets.update(set.resourceGroup, set.name, update, { ifMatch });
  try {
    await poller.submitted();
  } catch (error) {
    return { accepted: false, error };
  }
  if (until === 'accepted') return { accepted: true };
  const operation = await start(poller, `${what} of scale set ${set.name}`);
  const ended = new AbortController();
  const awake = cancelled ? AbortSignal.any([cancelled, ended.signal]) : ended.signal;
  await Promise.race([operation.settled, clock.sleep(patienceMs, awake)]);
  ended.abort();
  const progress = operation.progress();
  return progress.kind === 'failed' ? { accepted: true, error: progress.failure } : { accepted: true };
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
    image: textIn(set.virtualMachineProfile?.storageProfile?.imageReference?.id) ?? '',
    osType:
      set.virtualMachineProfile?.storageProfile?.osDisk?.osType === 'Windows' ||
      set.virtualMachineProfile?.osProfile?.windowsConfiguration
        ? 'Windows'
        : 'Linux',
    zones: set.zones ?? [],
    hasHealthSource: hasHealthSource(set),
    managedBy: managedBy(set),
    print: printOf(set),
    shows: shownByModel(set),
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
