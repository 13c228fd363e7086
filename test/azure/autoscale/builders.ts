import { groupOfId, keyOf, subscriptionOfId } from '../core/ids.ts';
import type { World } from '../core/world.ts';
import { watchSetting } from './autoscaler.ts';
import type { AutoscaleSetting } from './state.ts';

export interface AutoscaleOptions {
  /** The set that it scales. */
  readonly set: { readonly id: string; readonly location: string };
  readonly minimum: number;
  readonly maximum: number;
  readonly name?: string;
  readonly enabled?: boolean;
}

/** A setting with one profile, in the set's own group. */
export function addAutoscaleSetting(world: World, options: AutoscaleOptions): AutoscaleSetting {
  const { set, minimum, maximum, name = 'autoscale', enabled = true } = options;
  const group = `/subscriptions/${subscriptionOfId(set.id)}/resourceGroups/${groupOfId(set.id)}`;
  const capacity = { minimum: String(minimum), maximum: String(maximum), default: String(minimum) };
  const setting: AutoscaleSetting = {
    id: `${group}/providers/microsoft.insights/autoscalesettings/${name}`,
    name,
    location: set.location,
    tags: {},
    properties: { enabled, targetResourceUri: set.id, profiles: [{ name: 'usual', capacity, rules: [] }] },
    demand: [],
  };
  world.autoscale.settings.set(keyOf(setting.id), setting);
  watchSetting(world, setting);
  return setting;
}
