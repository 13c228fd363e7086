import { ArmError } from '../../core/arm-errors.ts';
import type { Answer, Request } from '../../core/http.ts';
import { text } from '../../core/json.ts';
import { accept } from '../../core/operations.ts';
import type { Handler } from '../../core/routes.ts';
import type { World } from '../../core/world.ts';
import type { Done } from '../../machines/machines.ts';
import { findInstance, findScaleSet } from '../lookup.ts';
import { begin, refuseConflict } from '../scale-sets/open-work.ts';
import type { Instance, ScaleSet } from '../state.ts';
import { gather, operationError } from './life.ts';
import { deallocate, powerOff, restart, start } from './power.ts';
import { removeInstances } from './remove.ts';
import { selectInstances } from './select.ts';
import { reimageInstance, upgradeInstance } from './upgrade.ts';

/** Something that is done to instances, by the set or one by one. */
interface Action {
  readonly idsRequired: boolean;
  /** Does `protectFromScaleSetActions` keep an instance out when the set does it (azure.md §9)? */
  readonly skipsProtected: boolean;
  readonly perform: (world: World, set: ScaleSet, instance: Instance, request: Request, done: Done) => void;
}

export const manualUpgrade: Action = {
  idsRequired: true,
  skipsProtected: true,
  perform: (world, set, instance, _request, done) => upgradeInstance(world, set, instance, done),
};

export const reimage: Action = {
  idsRequired: false,
  skipsProtected: true,
  perform: (world, set, instance, request, done) =>
    reimageInstance(world, set, instance, text(request.json['exactVersion']), done),
};

const power = (change: (world: World, instance: Instance, done: Done) => void): Action => ({
  idsRequired: false,
  skipsProtected: true,
  perform: (world, _set, instance, _request, done) => change(world, instance, done),
});

export const powerActions = {
  start: power(start),
  restart: power(restart),
  poweroff: power(powerOff),
  deallocate: power(deallocate),
};

/** Deleting lowers the desired capacity (azure.md §4), now or when it is done. */
export const deletion: Action = {
  idsRequired: true,
  skipsProtected: false,
  perform(world, set, instance, _request, done) {
    const atStart = world.settings.capacityFollowsDelete === 'atStart';
    if (atStart) lowerCapacity(set);
    removeInstances(world, [instance], (problem) => {
      if (!atStart && !problem) lowerCapacity(set);
      done(problem);
    });
  },
};

function lowerCapacity(set: ScaleSet): void {
  set.sku = { ...set.sku, capacity: Math.max(0, set.sku.capacity - 1) };
  set.etag += 1;
}

/** The handler of `POST {set}/{action}`. */
export const onSet =
  (action: Action): Handler =>
  (world, request) => {
    const set = findScaleSet(world, request);
    return run(
      world,
      request,
      set,
      selectInstances(world, set, request, action.idsRequired),
      action,
      action.skipsProtected,
    );
  };

/** The handler of the same on one instance: a client's own call is not kept out by protection. */
export const onInstance =
  (action: Action): Handler =>
  (world, request) => {
    const instance = findInstance(world, request);
    if (instance.provisioningState === 'Deleting') throw beingDeleted(instance);
    return run(world, request, findScaleSet(world, request), [instance], action, false);
  };

function run(
  world: World,
  request: Request,
  set: ScaleSet,
  named: readonly Instance[],
  action: Action,
  skipsProtected: boolean,
): Answer {
  const ids = named.map(({ instanceId }) => instanceId);
  refuseConflict(world, set, 'instanceWork', ids);
  const chosen = named.filter((instance) => !(skipsProtected && instance.protection.protectFromScaleSetActions));
  const end = begin(world, set, 'instanceWork', ids);
  return accept(world, request, {
    status: 202,
    location: set.location,
    work(completion) {
      const done = gather(chosen.length, (problems) => {
        end(problems.length === 0);
        if (problems.length === 0) completion.succeed();
        else completion.fail(operationError(problems));
      });
      for (const instance of chosen) action.perform(world, set, instance, request, done);
    },
  });
}

/** Code from cloud-provider-azure#2386 (azure.md §6). */
export const beingDeleted = (instance: Instance) =>
  new ArmError(
    400,
    'InstanceIdsListInstanceIdNotActiveVM',
    `The provided instanceId ${instance.instanceId} is not an active Virtual Machine Scale Set VM instanceId.`,
    { target: 'instanceIds' },
  );
