import { ok, type Request } from '../../core/http.ts';
import { group, type Route, subscription } from '../../core/routes.ts';
import type { World } from '../../core/world.ts';
import { findGroup, findResource, inScope } from '../lookup.ts';
import type { Disk } from '../state.ts';
import { type DiskType, view } from './view.ts';
import { patch, put, remove } from './write.ts';

const page = 'https://learn.microsoft.com/rest/api/compute';
const path = (type: DiskType) => `/providers/Microsoft.Compute/${type}`;

/** Disks and snapshots by the same handlers. */
export const routes: readonly Route[] = [...routesOf('disks'), ...routesOf('snapshots')];

function routesOf(type: DiskType): Route[] {
  const one = `${group}${path(type)}/:name`;
  const inSubscription = (world: World, { params }: Request) =>
    listIn(world, type, `/subscriptions/${params['subscription']}`);
  const inGroup = (world: World, request: Request) => listIn(world, type, findGroup(world, request).id);
  return [
    ['GET', `${subscription}${path(type)}`, inSubscription, `${page}/${type}/list`],
    ['GET', `${group}${path(type)}`, inGroup, `${page}/${type}/list-by-resource-group`],
    ['GET', one, (world, request) => ok(view(world, type, find(world, request, type))), `${page}/${type}/get`],
    ['PUT', one, (world, request) => put(world, request, type), `${page}/${type}/create-or-update`],
    [
      'PATCH',
      one,
      (world, request) => patch(world, request, type, find(world, request, type)),
      `${page}/${type}/update`,
    ],
    ['DELETE', one, (world, request) => remove(world, request, type), `${page}/${type}/delete`],
  ];
}

const listIn = (world: World, type: DiskType, scope: string) =>
  ok({ value: inScope(world.resources[type], scope).map((disk) => view(world, type, disk)) });

const find = (world: World, request: Request, type: DiskType): Disk =>
  findResource(world, request, world.resources[type], `Microsoft.Compute/${type}`);
