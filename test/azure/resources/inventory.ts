import { badRequest } from '../core/arm-errors.ts';
import { type Answer, ok, type Request } from '../core/http.ts';
import { typeOf } from '../core/ids.ts';
import { group, type Route, subscription } from '../core/routes.ts';
import type { World } from '../core/world.ts';
import { findGroup, inScope } from './lookup.ts';
import type { Tags } from './state.ts';

const page = 'https://learn.microsoft.com/rest/api/resources/resources';

export const routes: readonly Route[] = [
  ['GET', `${subscription}/resources`, listInSubscription, `${page}/list`],
  ['GET', `${group}/resources`, listInGroup, `${page}/list-by-resource-group`],
];

function listInSubscription(world: World, request: Request): Answer {
  return listIn(world, request, `/subscriptions/${request.params['subscription']}`);
}

function listInGroup(world: World, request: Request): Answer {
  return listIn(world, request, findGroup(world, request).id);
}

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly tags: Tags;
}

function listIn(world: World, request: Request, scope: string): Answer {
  const wanted = readFilter(request.url.searchParams.get('$filter') ?? '');
  const found = trackedMaps(world)
    .flatMap((map) => inScope<Listed>(map, scope))
    .map(view);
  return ok({ value: found.filter((resource) => wanted.every(([member, value]) => matches(resource, member, value))) });
}

/** Everything with a place of its own: instances of Uniform sets, and run commands, belong to what they are in. */
const trackedMaps = ({ resources, compute, autoscale }: World): readonly ReadonlyMap<string, Listed>[] => [
  resources.publicIPAddresses,
  resources.virtualNetworks,
  resources.networkSecurityGroups,
  resources.networkInterfaces,
  resources.loadBalancers,
  resources.applicationGateways,
  resources.disks,
  resources.snapshots,
  resources.virtualMachines,
  new Map([...compute.instances].filter(([, { parts }]) => parts)),
  compute.images,
  compute.galleries,
  compute.definitions,
  compute.versions,
  compute.scaleSets,
  autoscale.settings,
];

const view = ({ id, name, location, tags }: Listed) => ({ id, name, type: typeOf(id), location, tags });

type Clause = readonly [member: string, value: string];

/** `resourceType eq 'A/b' and name eq 'c'`: what Azure CLI asks for; other operators are refused. */
function readFilter(filter: string): readonly Clause[] {
  if (filter === '') return [];
  return filter.split(/ and /i).map((clause) => {
    const [, member, value] = /^\s*(name|resourceType|location|resourceGroup) eq '([^']*)'\s*$/i.exec(clause) ?? [];
    if (member === undefined || value === undefined)
      throw badRequest(`The simulated Azure does not know the filter '${clause}'.`);
    return [member.toLowerCase(), value.toLowerCase()];
  });
}

function matches(resource: ReturnType<typeof view>, member: string, value: string): boolean {
  if (member === 'resourcegroup') return resource.id.toLowerCase().includes(`/resourcegroups/${value}/`);
  const actual = { name: resource.name, resourcetype: resource.type, location: resource.location }[member];
  return actual?.toLowerCase() === value;
}
