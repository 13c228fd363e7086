import { armFailure, isLostAnswer, isStatus } from './arm-failure.ts';
import type { Azure } from './connect.ts';
import { type Entry, isObject } from './entry.ts';
import { readFailure, textIn } from './read-failure.ts';
import { readList } from './read-list.ts';
import type { ScaleSetRef } from './scale-set.ts';
import { unreadable } from './unreadable.ts';

/** An autoscale setting as far as a rollout looks at it (spec autoscale 2022-10-01). */
export interface AutoscaleSetting {
  readonly name: string;
  /** Off, it scales nothing; Azure takes it for off when nothing is said. */
  readonly enabled: boolean;
  readonly profiles: readonly AutoscaleProfile[];
  /** As Azure sent it, for a write that changes the profiles and leaves the rest. */
  readonly raw: Entry;
}

export type AutoscaleProfile = Entry & { readonly name?: unknown };

const version = 'api-version=2022-10-01';

const settingsIn = ({ subscriptionId }: Azure, { resourceGroup }: ScaleSetRef) =>
  `/subscriptions/${subscriptionId}/resourceGroups/${encodeURIComponent(resourceGroup)}/providers/Microsoft.Insights/autoscalesettings`;

/** The setting in the set's group that scales the set: Azure lets a set have one (autoscale-understanding-settings). */
export async function findAutoscale(azure: Azure, set: ScaleSetRef): Promise<AutoscaleSetting | undefined> {
  const what = `Reading the autoscale settings of resource group ${set.resourceGroup}`;
  const { entries } = await readList(azure, `${settingsIn(azure, set)}?${version}`, what);
  const found = entries.find((setting) => scales(azure, set, setting));
  return found && toSetting(found);
}

/** The setting of this name; undefined when it is not there any more. */
export async function readAutoscale(
  azure: Azure,
  set: ScaleSetRef,
  name: string,
): Promise<AutoscaleSetting | undefined> {
  try {
    const answer = await azure.arm(`${settingsIn(azure, set)}/${encodeURIComponent(name)}?${version}`);
    if (!isObject(answer)) throw unreadable('The answer is no autoscale setting');
    return toSetting(answer);
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw readFailure(error, `Reading autoscale setting ${name}`);
  }
}

/** How often a write is made whose answer gets lost. */
const mostTries = 3;

/**
 * Writes what `change` makes of the profiles and all else as it is; nothing when it makes nothing new. An answer that got
 * lost is looked up by reading again. Azure gives these settings no etag.
 */
export async function changeProfiles(
  azure: Azure,
  set: ScaleSetRef,
  name: string,
  change: (profiles: readonly AutoscaleProfile[]) => readonly AutoscaleProfile[] | undefined,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const setting = await readAutoscale(azure, set, name);
    const profiles = setting && change(setting.profiles);
    if (!setting || !profiles) return;
    const { location, tags, properties } = setting.raw;
    const body = { location, tags, properties: { ...(isObject(properties) && properties), profiles } };
    try {
      await azure.put(`${settingsIn(azure, set)}/${encodeURIComponent(name)}?${version}`, body);
      return;
    } catch (error) {
      if (!isLostAnswer(error) || attempt === mostTries) throw armFailure(error, `Writing autoscale setting ${name}`);
    }
  }
}

function scales({ subscriptionId }: Azure, { resourceGroup, name }: ScaleSetRef, { properties }: Entry): boolean {
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute/virtualMachineScaleSets/${name}`;
  const target = isObject(properties) ? textIn(properties['targetResourceUri']) : undefined;
  return target?.toLowerCase() === id.toLowerCase();
}

function toSetting(raw: Entry): AutoscaleSetting {
  const properties = isObject(raw['properties']) ? raw['properties'] : {};
  const profiles = Array.isArray(properties['profiles']) ? properties['profiles'].filter(isObject) : [];
  return { name: textIn(raw['name']) ?? '', enabled: properties['enabled'] === true, profiles, raw };
}
