import { badRequest, notAllowed } from '../../core/arm-errors.ts';
import { type Answer, ok, type Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, tagsOf, text } from '../../core/json.ts';
import { accept } from '../../core/operations.ts';
import { group, type Route, subscription } from '../../core/routes.ts';
import type { World } from '../../core/world.ts';
import { findGroup, findResource, inScope, locationOf, resourceNotFound, writableGroup } from '../lookup.ts';
import { briefWork } from '../operations.ts';
import type { Disk } from '../state.ts';

type DiskType = 'disks' | 'snapshots';

const page = 'https://learn.microsoft.com/rest/api/compute';
const path = (type: DiskType) => `/providers/Microsoft.Compute/${type}`;

export const routes: readonly Route[] = [
  ...readRoutes('disks'),
  ...readRoutes('snapshots'),
  ['PUT', `${group}${path('snapshots')}/:name`, takeSnapshot, `${page}/snapshots/create-or-update`],
];

/** Disks come with machines; both types can be looked at and deleted. */
function readRoutes(type: DiskType): Route[] {
  const one = `${group}${path(type)}/:name`;
  const inSubscription = (world: World, { params }: Request) =>
    listIn(world, type, `/subscriptions/${params['subscription']}`);
  const inGroup = (world: World, request: Request) => listIn(world, type, findGroup(world, request).id);
  return [
    ['GET', `${subscription}${path(type)}`, inSubscription, `${page}/${type}/list`],
    ['GET', `${group}${path(type)}`, inGroup, `${page}/${type}/list-by-resource-group`],
    ['GET', one, (world, request) => ok(view(type, find(world, request, type))), `${page}/${type}/get`],
    ['DELETE', one, (world, request) => remove(world, request, type), `${page}/${type}/delete`],
  ];
}

const listIn = (world: World, type: DiskType, scope: string) =>
  ok({ value: inScope(world.resources[type], scope).map((disk) => view(type, disk)) });

const find = (world: World, request: Request, type: DiskType): Disk =>
  findResource(world, request, world.resources[type], `Microsoft.Compute/${type}`);

/** A copy of a disk, which may stay attached meanwhile. Packer names its source in `sourceUri`. */
function takeSnapshot(world: World, request: Request): Answer {
  const creationData = at(request.json, 'properties', 'creationData');
  if (at(creationData, 'createOption') !== 'Copy')
    throw badRequest('The simulated Azure takes snapshots by Copy only.', 'createOption');
  const sourceId = text(at(creationData, 'sourceResourceId')) ?? text(at(creationData, 'sourceUri')) ?? '';
  const source = world.resources.disks.get(keyOf(sourceId));
  const scope = writableGroup(world, request);
  if (!source) throw resourceNotFound('Microsoft.Compute/disks', sourceId.split('/').at(-1) ?? '', scope.name);
  const name = request.params['name'] ?? '';
  const made: Disk = {
    ...source,
    id: `${scope.id}${path('snapshots')}/${name}`,
    name,
    location: locationOf(request),
    tags: tagsOf(request.json['tags']),
    uniqueId: world.newId(),
    createdAt: world.clock.now(),
    creationData: { createOption: 'Copy', sourceResourceId: source.id },
    managedBy: undefined,
  };
  return accept(world, request, {
    status: 202,
    location: made.location,
    body: view('snapshots', made),
    work: briefWork(world, () => {
      world.resources.snapshots.set(keyOf(made.id), made);
      return view('snapshots', made);
    }),
  });
}

function remove(world: World, request: Request, type: DiskType): Answer {
  const disk = find(world, request, type);
  if (disk.managedBy !== undefined) throw notAllowed(`Disk ${disk.name} is attached to VM ${disk.managedBy}.`);
  return accept(world, request, {
    status: 202,
    location: disk.location,
    work: briefWork(world, () => void world.resources[type].delete(keyOf(disk.id))),
  });
}

function view(type: DiskType, disk: Disk) {
  const { id, name, location, tags, uniqueId, osType, hyperVGeneration, sizeGB, createdAt, creationData, managedBy } =
    disk;
  return {
    id,
    name,
    type: `Microsoft.Compute/${type}`,
    location,
    tags,
    sku: { name: 'Standard_LRS', tier: 'Standard' },
    ...(managedBy !== undefined && { managedBy }),
    properties: {
      osType,
      hyperVGeneration,
      creationData,
      diskSizeGB: sizeGB,
      timeCreated: new Date(createdAt).toISOString(),
      provisioningState: 'Succeeded',
      diskState: managedBy === undefined ? 'Unattached' : 'Attached',
      uniqueId,
    },
  };
}
