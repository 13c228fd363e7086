import type { VirtualMachineScaleSet } from '@azure/arm-compute';
import { Failure } from '../failure.ts';
import type { ModelPrint } from '../record/record.ts';
import type { Azure } from './connect.ts';
import { hasPlace } from './has-place.ts';
import { printOf } from './model-print.ts';
import { notFound } from './not-found.ts';
import { readFailure, textIn } from './read-failure.ts';
import { hasHealthSource, managedBy } from './set-traits.ts';
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
  /** The policy of automatic repairs is on; whether they run now, the instance view tells. */
  readonly automaticRepairs: boolean;
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
    automaticRepairs: set.automaticRepairsPolicy?.enabled === true,
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
