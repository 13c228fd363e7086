import { ArmError, groupNotFound } from '../core/arm-errors.ts';
import type { Request } from '../core/http.ts';
import { keyOf } from '../core/ids.ts';
import type { World } from '../core/world.ts';
import type { ResourceGroup } from './state.ts';

/** The group that the call names, spelled as it was created. */
export function findGroup(world: World, request: Request): ResourceGroup {
  const { subscription = '', group = '' } = request.params;
  const found = world.resources.groups.get(keyOf(groupId(subscription, group)));
  if (!found) throw groupNotFound(group);
  return found;
}

/** The group, when something may still be written into it. */
export function writableGroup(world: World, request: Request): ResourceGroup {
  const found = findGroup(world, request);
  if (found.provisioningState === 'Deleting') throw beingDeleted(found.name);
  return found;
}

export const groupId = (subscription: string, group: string) =>
  `/subscriptions/${subscription}/resourceGroups/${group}`;

/** The resource that the call names under `:name`, or ARM's 404. */
export function findResource<Kept>(world: World, request: Request, map: ReadonlyMap<string, Kept>, type: string): Kept {
  const group = findGroup(world, request);
  const name = request.params['name'] ?? '';
  const found = map.get(keyOf(`${group.id}/providers/${type}/${name}`));
  if (!found) throw resourceNotFound(type, name, group.name);
  return found;
}

/** The members of a map that lie in this scope: a group or a subscription. */
export const inScope = <Kept>(map: ReadonlyMap<string, Kept>, scope: string): readonly Kept[] =>
  [...map].filter(([key]) => key.startsWith(`${keyOf(scope)}/`)).map(([, kept]) => kept);

/** ARM's sentence for what is not there: cloud-provider-azure#2386 quotes it. */
export const resourceNotFound = (type: string, name: string, group: string) =>
  new ArmError(
    404,
    'ResourceNotFound',
    `The Resource '${type}/${name}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );

const beingDeleted = (group: string) =>
  new ArmError(
    409,
    'ResourceGroupBeingDeleted',
    `The resource group '${group}' is in deprovisioning state and cannot perform this operation.`,
  );

/** A tracked resource has a place; ARM asks for it before the provider sees the body. */
export function locationOf(request: Request): string {
  const location = request.json['location'];
  if (typeof location === 'string' && location !== '') return location.replaceAll(' ', '').toLowerCase();
  throw new ArmError(400, 'LocationRequired', 'The location property is required for this definition.');
}
