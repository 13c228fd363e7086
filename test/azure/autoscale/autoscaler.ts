import { refusalOf, scaleTo } from '../compute/scale-sets/scale.ts';
import type { ScaleSet } from '../compute/state.ts';
import { keyOf } from '../core/ids.ts';
import { text } from '../core/json.ts';
import { later, type World } from '../core/world.ts';
import { type Profile, profileAt } from './profiles.ts';
import type { AutoscaleAction, AutoscaleSetting, Demand } from './state.ts';

/** "Every 30 to 60 seconds, depending on the resource type" (autoscale-understanding-settings). */
const lookMs = 30_000;

/** How often a demand is tried again that met a busy set: five minutes. Own. */
const tries = 10;

/** What the load on a set will ask for: data, in place of metrics. */
export interface AutoscaleEvent {
  /** From now on. */
  readonly afterMs: number;
  /** `2` is two more instances, `-1` one fewer. */
  readonly change: number;
}

/** Plans events for a setting that is there. What became of them stands in `world.autoscale.actions`. */
export function addAutoscaleEvents(world: World, settingId: string, events: readonly AutoscaleEvent[]): void {
  const setting = world.autoscale.settings.get(keyOf(settingId));
  if (!setting) throw new Error(`There is no autoscale setting ${settingId}`);
  for (const { afterMs, change } of events)
    later(world, afterMs, () => {
      if (isThere(world, setting)) meet(world, setting, { change, triesLeft: tries });
    });
}

/** Runs the autoscaler's job for a setting as long as it is there and enabled, from its next turn on. */
export function watchSetting(world: World, setting: AutoscaleSetting): void {
  const { properties } = setting;
  if (properties['enabled'] !== true) return;
  const look = () => {
    if (!isThere(world, setting) || setting.properties !== properties) return;
    keepWithinLimits(world, setting);
    for (const demand of setting.demand.splice(0)) meet(world, setting, demand);
    later(world, lookMs, look);
  };
  later(world, lookMs, look);
}

const isThere = (world: World, setting: AutoscaleSetting) =>
  world.autoscale.settings.get(keyOf(setting.id)) === setting;

const targetOf = (world: World, { properties }: AutoscaleSetting): ScaleSet | undefined =>
  world.compute.scaleSets.get(keyOf(text(properties['targetResourceUri']) ?? ''));

/** A count outside the limits of the profile in force is brought inside, whoever set it (autoscale-multiprofile). */
function keepWithinLimits(world: World, setting: AutoscaleSetting): void {
  const set = targetOf(world, setting);
  const profile = profileAt(setting.properties, world.clock.now());
  if (!set || !profile) return;
  const to = within(profile, set.sku.capacity);
  if (to !== set.sku.capacity) act(world, setting, { set, profile, change: undefined, to });
}

function meet(world: World, setting: AutoscaleSetting, demand: Demand): void {
  const set = targetOf(world, setting);
  if (!set) return;
  const { change } = demand;
  const from = set.sku.capacity;
  const profile = setting.properties['enabled'] === true ? profileAt(setting.properties, world.clock.now()) : undefined;
  const to = profile ? within(profile, from + change) : from;
  if (!profile) note(world, setting, { profile: undefined, change, from, to, outcome: 'disabled' });
  else if (to === from) note(world, setting, { profile: profile.name, change, from, to, outcome: 'bounded' });
  else if (!act(world, setting, { set, profile, change, to }) && demand.triesLeft > 1)
    setting.demand.push({ change, triesLeft: demand.triesLeft - 1 });
}

const within = ({ minimum, maximum }: Profile, count: number) => Math.min(maximum, Math.max(minimum, count));

interface Plan {
  readonly set: ScaleSet;
  readonly profile: Profile;
  readonly change: number | undefined;
  readonly to: number;
}

/** Writes the capacity as a client would; a set that is busy or has no quota refuses it. */
function act(world: World, setting: AutoscaleSetting, { set, profile, change, to }: Plan): boolean {
  const said = { profile: profile.name, change, from: set.sku.capacity, to };
  const refused = refusalOf(world, set, to);
  if (refused) {
    note(world, setting, { ...said, outcome: 'refused', code: refused.code });
    return false;
  }
  const action = note(world, setting, { ...said, outcome: 'scaled' });
  scaleTo(world, set, to, ({ added, removed }) => Object.assign(action, { added, removed }));
  return true;
}

type Said = Omit<AutoscaleAction, 'settingId' | 'at' | 'added' | 'removed'>;

function note(world: World, { id }: AutoscaleSetting, said: Said): AutoscaleAction {
  const action: AutoscaleAction = { settingId: id, at: world.clock.now(), ...said, added: [], removed: [] };
  world.autoscale.actions.push(action);
  return action;
}
