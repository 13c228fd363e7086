import { ArmError } from '../../core/arm-errors.ts';
import type { Answer, Request } from '../../core/http.ts';
import { accept } from '../../core/operations.ts';
import type { Handler } from '../../core/routes.ts';
import type { World } from '../../core/world.ts';
import { findInstance, findScaleSet, setOf } from '../lookup.ts';
import { isFlexible } from '../scale-sets/mode.ts';
import { begin, refuseConflict } from '../scale-sets/open-work.ts';
import type { Instance, OpenWork, ScaleSet } from '../state.ts';
import type { Action } from './actions.ts';
import { gather, operationError, requireAtRest } from './life.ts';
import { selectInstances } from './select.ts';

/** The handler of `POST {set}/{action}`. */
export const onSet =
  (action: Action): Handler =>
  (world, request) => {
    const set = findScaleSet(world, request);
    const named = selectInstances(world, set, request, action.idsRequired);
    refuseByMode(world, set, named, action);
    return run(world, request, { set, named, action, skipsProtected: action.skipsProtected, kind: 'instanceWork' });
  };

/** The handler of the same on one instance: a client's own call is not kept out by protection. */
export const onInstance =
  (action: Action): Handler =>
  (world, request) => {
    const set = findScaleSet(world, request);
    const instance = findInstance(world, request);
    if (instance.provisioningState === 'Deleting') throw beingDeleted(instance);
    refuseByMode(world, set, [instance], action);
    return run(world, request, { set, named: [instance], action, skipsProtected: false, kind: 'instanceWork' });
  };

/** The same on a member of a Flexible set, by the path of its virtual machine. */
export function onMember(world: World, request: Request, member: Instance, action: Action): Answer {
  requireAtRest(member);
  const set = setOf(world, member);
  return run(world, request, { set, named: [member], action, skipsProtected: false, kind: 'machineWork' });
}

function refuseByMode(world: World, set: ScaleSet, named: readonly Instance[], action: Action): void {
  const refusal = isFlexible(set) ? action.flexibleRefusal?.(world, set, named) : undefined;
  if (refusal) throw refusal;
}

interface Order {
  readonly set: ScaleSet;
  readonly named: readonly Instance[];
  readonly action: Action;
  readonly skipsProtected: boolean;
  readonly kind: OpenWork['kind'];
}

function run(world: World, request: Request, { set, named, action, skipsProtected, kind }: Order): Answer {
  const ids = named.map(({ instanceId }) => instanceId);
  refuseConflict(world, set, kind, ids);
  const chosen = named.filter((instance) => !(skipsProtected && instance.protection.protectFromScaleSetActions));
  const end = begin(world, set, kind, ids);
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
