import { ArmError } from '../../core/arm-errors.ts';
import type { World } from '../../core/world.ts';
import type { Done } from '../../machines/machines.ts';
import { createInstances } from '../instances/create.ts';
import { gather } from '../instances/life.ts';
import { restart } from '../instances/power.ts';
import { removeInstances } from '../instances/remove.ts';
import { reimageInstance } from '../instances/upgrade.ts';
import { instancesOf } from '../lookup.ts';
import { begin, refuseConflict } from '../scale-sets/open-work.ts';
import type { Instance, ScaleSet } from '../state.ts';
import type { RepairAction } from './state.ts';

/** Repairs one instance, unless the set is busy: then the next look comes back to it. */
export function repair(world: World, set: ScaleSet, instance: Instance, action: RepairAction): void {
  const { instanceId } = instance;
  if (isBusy(world, set, instanceId)) return;
  const { underWay, inVain, done } = set.repairWork;
  const end = begin(world, set, 'instanceWork', [instanceId]);
  underWay.add(instanceId);
  const ended: Parameters<typeof gather>[1] = (problems) => {
    underWay.delete(instanceId);
    end(problems.length === 0);
  };
  const replacementId = carryOut(world, set, instance, action, ended);
  inVain.set(replacementId ?? instanceId, (inVain.get(instanceId) ?? 0) + 1);
  if (replacementId !== undefined) inVain.delete(instanceId);
  done.push({ at: world.clock.now(), action, instanceId, ...(replacementId !== undefined && { replacementId }) });
}

function isBusy(world: World, set: ScaleSet, instanceId: string): boolean {
  try {
    refuseConflict(world, set, 'instanceWork', [instanceId]);
    return false;
  } catch (error) {
    if (error instanceof ArmError) return true;
    throw error;
  }
}

/** Gives the id of the new instance, if the action makes one. */
function carryOut(
  world: World,
  set: ScaleSet,
  instance: Instance,
  action: RepairAction,
  ended: Parameters<typeof gather>[1],
): string | undefined {
  switch (action) {
    case 'Replace':
      return replace(world, set, instance, gather(2, ended));
    case 'Restart':
      restart(world, instance, gather(1, ended));
      return undefined;
    case 'Reimage':
      reimageInstance(world, set, instance, undefined, gather(1, ended));
      return undefined;
  }
}

/** The new one, of the model of this moment, does not wait until the old one has gone (doc automatic-instance-repairs). */
function replace(world: World, set: ScaleSet, instance: Instance, done: Done): string | undefined {
  const before = new Set(instancesOf(world, set));
  try {
    createInstances(world, set, 1, done);
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    done(error.envelope);
  }
  removeInstances(world, [instance], done);
  return instancesOf(world, set).find((other) => !before.has(other))?.instanceId;
}
