import { ArmError } from '../core/arm-errors.ts';
import { type Answer, created, ok, type Request } from '../core/http.ts';
import { keyOf } from '../core/ids.ts';
import { tagsOf } from '../core/json.ts';
import { group, type Route, subscription } from '../core/routes.ts';
import { later, type World } from '../core/world.ts';
import { removeContents } from './group-contents.ts';
import { findGroup, groupId, inScope, locationOf, writableGroup } from './lookup.ts';
import { acceptByLocation } from './operations.ts';
import type { ResourceGroup } from './state.ts';

const page = 'https://learn.microsoft.com/rest/api/resources/resource-groups';

export const routes: readonly Route[] = [
  ['GET', `${subscription}/resourceGroups`, listGroups, `${page}/list`],
  ['HEAD', group, checkGroup, `${page}/check-existence`],
  ['GET', group, readGroup, `${page}/get`],
  ['PUT', group, writeGroup, `${page}/create-or-update`],
  ['PATCH', group, tagGroup, `${page}/update`],
  ['DELETE', group, deleteGroup, `${page}/delete`],
];

/** How long a group takes to go, besides its machines. Not documented. */
const removalMs = 3000;

function listGroups(world: World, request: Request): Answer {
  return ok({ value: inScope(world.resources.groups, `/subscriptions/${request.params['subscription']}`).map(view) });
}

function checkGroup(world: World, request: Request): Answer {
  const { subscription: id = '', group: name = '' } = request.params;
  return { status: world.resources.groups.has(keyOf(groupId(id, name))) ? 204 : 404 };
}

function readGroup(world: World, request: Request): Answer {
  return ok(view(findGroup(world, request)));
}

function writeGroup(world: World, request: Request): Answer {
  const { subscription: id = '', group: name = '' } = request.params;
  const location = locationOf(request);
  const tags = tagsOf(request.json['tags']);
  const old = world.resources.groups.get(keyOf(groupId(id, name)));
  if (old) return rewriteGroup(writableGroup(world, request), location, tags);
  const made: ResourceGroup = { id: groupId(id, name), name, location, tags, provisioningState: 'Succeeded' };
  world.resources.groups.set(keyOf(made.id), made);
  return created(view(made));
}

function rewriteGroup(old: ResourceGroup, location: string, tags: ResourceGroup['tags']): Answer {
  if (old.location !== location)
    throw new ArmError(
      409,
      'InvalidResourceGroupLocation',
      `Invalid resource group location '${location}'. The Resource group already exists in location '${old.location}'.`,
    );
  old.tags = tags;
  return ok(view(old));
}

function tagGroup(world: World, request: Request): Answer {
  const found = writableGroup(world, request);
  found.tags = tagsOf(request.json['tags']);
  return ok(view(found));
}

function deleteGroup(world: World, request: Request): Answer {
  const found = writableGroup(world, request);
  found.provisioningState = 'Deleting';
  return acceptByLocation(world, request, (completion) => {
    removeContents(world, found, () =>
      later(world, removalMs, () => {
        world.resources.groups.delete(keyOf(found.id));
        completion.succeed();
      }),
    );
  });
}

const view = ({ id, name, location, tags, provisioningState }: ResourceGroup) => ({
  id,
  name,
  type: 'Microsoft.Resources/resourceGroups',
  location,
  tags,
  properties: { provisioningState },
});
