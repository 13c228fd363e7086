import { type Answer, ok, type Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { object, tagsOf } from '../../core/json.ts';
import { accept } from '../../core/operations.ts';
import { group, type Route, subscription } from '../../core/routes.ts';
import type { World } from '../../core/world.ts';
import { findGroup, inScope, locationOf, writableGroup } from '../lookup.ts';
import { briefWork, networkPaths } from '../operations.ts';
import { gatewayRoutes } from './application-gateways/routes.ts';
import { balancerRoutes } from './balancer-routes.ts';
import { refuseBusy } from './busy.ts';
import { routes as instanceInterfaceRoutes } from './instance-interfaces.ts';
import { type Kind, kinds } from './kinds.ts';
import { partRoutes } from './part-routes.ts';
import { withPartIds } from './parts.ts';
import { find, mapOf, provider, store } from './store.ts';
import { view } from './view.ts';

/** Every type of network resource by the same handlers; pages: https://learn.microsoft.com/rest/api/virtualnetwork */
export const routes: readonly Route[] = [...kinds.flatMap(routesOf), ...instanceInterfaceRoutes];

function routesOf(kind: Kind): readonly Route[] {
  const all = `${group}/providers/${provider}/${kind.type}`;
  const one = `${all}/:name`;
  const page = `https://learn.microsoft.com/rest/api/${kind.page ?? 'virtualnetwork'}`;
  const listIn = (scopeOf: (world: World, request: Request) => string) => (world: World, request: Request) =>
    ok({ value: inScope(mapOf(world, kind), scopeOf(world, request)).map((found) => view(world, kind, found)) });
  return [
    [
      'GET',
      `${subscription}/providers/${provider}/${kind.type}`,
      listIn((_, { params }) => `/subscriptions/${params['subscription']}`),
      page,
    ],
    ['GET', all, listIn((world, request) => findGroup(world, request).id), page],
    ['GET', one, (world, request) => ok(view(world, kind, find(world, request, kind))), page],
    ['PUT', one, (world, request) => write(world, request, kind), page],
    ['PATCH', one, (world, request) => tag(world, request, kind), page],
    ['DELETE', one, (world, request) => remove(world, request, kind), page],
    ...furtherRoutes(kind, one, page),
  ];
}

/** A gateway's parts have no routes of their own; a balancer has some beside them. */
function furtherRoutes(...resource: readonly [kind: Kind, one: string, page: string]): readonly Route[] {
  const [{ type }] = resource;
  if (type === 'applicationGateways') return gatewayRoutes(...resource);
  return [...partRoutes(...resource), ...(type === 'loadBalancers' ? balancerRoutes(...resource) : [])];
}

function write(world: World, request: Request, kind: Kind): Answer {
  const name = request.params['name'] ?? '';
  const id = `${writableGroup(world, request).id}/providers/${provider}/${kind.type}/${name}`;
  const old = mapOf(world, kind).get(keyOf(id));
  const properties = withPartIds(old?.id ?? id, object(request.json['properties']), kind.parts);
  return store(world, request, kind, {
    id: old?.id ?? id,
    name: old?.name ?? name,
    type: `${provider}/${kind.type}`,
    location: locationOf(request),
    tags: tagsOf(request.json['tags']),
    resourceGuid: old?.resourceGuid ?? world.newId(),
    etag: '',
    sku: { name: 'Basic', tier: 'Regional', ...object(request.json['sku']) },
    zones: (request.json['zones'] ?? []) as readonly string[],
    properties,
    provisioningState: 'Updating',
  });
}

function tag(world: World, request: Request, kind: Kind): Answer {
  const found = find(world, request, kind);
  const kept = { ...found, tags: tagsOf(request.json['tags']), etag: `W/"${world.newId()}"` };
  mapOf(world, kind).set(keyOf(found.id), kept);
  return ok(view(world, kind, kept));
}

function remove(world: World, request: Request, kind: Kind): Answer {
  const key = keyOf(`${findGroup(world, request).id}/providers/${provider}/${kind.type}/${request.params['name']}`);
  const found = mapOf(world, kind).get(key);
  if (!found) return { status: 204 };
  const user = kind.inUse?.(world, found);
  if (user) throw user;
  refuseBusy(world, found.id);
  found.provisioningState = 'Deleting';
  return accept(world, request, {
    status: 202,
    location: found.location,
    ...networkPaths(request, found.location),
    work: briefWork(world, () => void mapOf(world, kind).delete(key)),
  });
}
