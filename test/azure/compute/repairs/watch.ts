import { keyOf } from '../../core/ids.ts';
import { later, type World } from '../../core/world.ts';
import { isProtected } from '../instances/scale-in.ts';
import { shownHealth } from '../instances/view.ts';
import { instancesOf } from '../lookup.ts';
import type { Instance, ScaleSet } from '../state.ts';
import { type RepairPolicy, repairPolicyOf } from './policy.ts';
import { repair } from './repair.ts';

/** How often the platform looks. Own. */
const lookMs = 30_000;
/** After so many repairs in a row that did not help it suspends them: "repeatedly" on the page. Own. */
const mostInVain = 3;
/** At most 5 % at a time, one in a set of fewer than twenty (doc automatic-instance-repairs). */
const share = 0.05;

/** Looks at a set as long as its repairs run; to be called whenever they may have begun to. */
export function watchRepairs(world: World, set: ScaleSet): void {
  if (set.repairs !== 'Running' || set.repairWork.watched) return;
  set.repairWork.watched = true;
  const look = () => {
    set.repairWork.watched = set.repairs === 'Running' && world.compute.scaleSets.get(keyOf(set.id)) === set;
    if (!set.repairWork.watched) return;
    lookAt(world, set);
    later(world, lookMs, look);
  };
  later(world, lookMs, look);
}

function lookAt(world: World, set: ScaleSet): void {
  const { underWay, inVain } = set.repairWork;
  const policy = repairPolicyOf(set.properties);
  const instances = instancesOf(world, set);
  for (const instance of instances)
    if (shownHealth(world, instance)?.state === 'healthy') inVain.delete(instance.instanceId);
  const due = instances.filter((instance) => !underWay.has(instance.instanceId) && isDue(world, instance, policy));
  if (due.some(({ instanceId }) => (inVain.get(instanceId) ?? 0) >= mostInVain)) {
    set.repairs = 'Suspended';
    return;
  }
  const free = Math.max(1, Math.floor(instances.length * share)) - underWay.size;
  for (const instance of due.slice(0, Math.max(0, free))) repair(world, set, instance, policy.action);
}

/** Is it sick, for longer than the grace, and may it be touched? Who failed to come up is not for repairs. */
function isDue(world: World, instance: Instance, { graceMs }: RepairPolicy): boolean {
  if (instance.provisioningState !== 'Succeeded' || instance.power !== 'running' || isProtected(instance)) return false;
  const health = shownHealth(world, instance);
  if (health?.state !== 'unhealthy' && health?.state !== 'unknown') return false;
  const sickSince = world.settings.repairGrace === 'whileUnhealthy' ? health.since : 0;
  return world.clock.now() - Math.max(instance.stateSince, sickSince) >= graceMs;
}
