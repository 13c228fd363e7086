import { type ArmError, notAllowed } from '../../core/arm-errors.ts';
import type { Request } from '../../core/http.ts';
import { text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { Done } from '../../machines/machines.ts';
import type { Instance, ScaleSet } from '../state.ts';
import { deallocate, powerOff, restart, start } from './power.ts';
import { removeInstances } from './remove.ts';
import { imageUpgradeRefusal, reimageInstance, upgradeInstance } from './upgrade.ts';

/** Something that is done to instances, by the set or one by one. */
export interface Action {
  readonly idsRequired: boolean;
  /** Does `protectFromScaleSetActions` keep an instance out when the set does it (azure.md §9)? */
  readonly skipsProtected: boolean;
  /** Why a Flexible set does not do it by its own path, if so. */
  readonly flexibleRefusal?: (world: World, set: ScaleSet, named: readonly Instance[]) => ArmError | undefined;
  readonly perform: (world: World, set: ScaleSet, instance: Instance, request: Request, done: Done) => void;
}

export const manualUpgrade: Action = {
  idsRequired: true,
  skipsProtected: true,
  flexibleRefusal: (world, set, named) =>
    named.map((instance) => imageUpgradeRefusal(world, set, instance)).find((refusal) => refusal !== undefined),
  perform: (world, set, instance, _request, done) => upgradeInstance(world, set, instance, done),
};

export const reimage: Action = {
  idsRequired: false,
  skipsProtected: true,
  perform: (world, set, instance, request, done) =>
    reimageInstance(world, set, instance, text(request.json['exactVersion']), done),
};

/** Not applicable to Flexible sets (page orchestration-modes-api-comparison). */
export const reimageAll: Action = { ...reimage, flexibleRefusal: (_world, set) => onlyByMachine(set) };

const power = (change: (world: World, instance: Instance, done: Done) => void): Action => ({
  idsRequired: false,
  skipsProtected: true,
  flexibleRefusal: (world, set) => (world.settings.flexBatchPower === 'refused' ? onlyByMachine(set) : undefined),
  perform: (world, _set, instance, _request, done) => change(world, instance, done),
});

/** Code and sentence: own. */
const onlyByMachine = ({ name }: ScaleSet) =>
  notAllowed(
    `The operation is not supported for VM Scale Set '${name}' with Flexible orchestration. Use the operations of its virtual machines.`,
  );

export const powerActions = {
  start: power(start),
  restart: power(restart),
  poweroff: power(powerOff),
  deallocate: power(deallocate),
};

/** Deleting by the set lowers the desired capacity (azure.md §4), now or when it is done. */
export const deletion = deletionThat(() => true);

/** A virtual machine deleted by its own path leaves the number of its Flexible set as it was: the switch. */
export const machineDeletion = deletionThat((world) => world.settings.vmDeleteLowersCapacity);

function deletionThat(lowers: (world: World) => boolean): Action {
  return {
    idsRequired: true,
    skipsProtected: false,
    perform(world, set, instance, _request, done) {
      const atStart = world.settings.capacityFollowsDelete === 'atStart';
      if (lowers(world) && atStart) lowerCapacity(set);
      removeInstances(world, [instance], (problem) => {
        if (lowers(world) && !atStart && !problem) lowerCapacity(set);
        done(problem);
      });
    },
  };
}

function lowerCapacity(set: ScaleSet): void {
  set.sku = { ...set.sku, capacity: Math.max(0, set.sku.capacity - 1) };
  set.etag += 1;
}
