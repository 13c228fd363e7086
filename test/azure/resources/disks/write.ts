import { changeNotAllowed } from '../../compute/galleries/unchangeable.ts';
import { badRequest, notAllowed } from '../../core/arm-errors.ts';
import type { Answer, Json, Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, number, object, tagsOf, text } from '../../core/json.ts';
import { accept, type Completion } from '../../core/operations.ts';
import { later, type World } from '../../core/world.ts';
import { findGroup, locationOf, writableGroup } from '../lookup.ts';
import { briefWork, operationPathOf } from '../operations.ts';
import type { Disk } from '../state.ts';
import { type Origin, originOf } from './sources.ts';
import { type DiskType, view } from './view.ts';

const pathOf = (type: DiskType, request: Request, groupId: string) =>
  `${groupId}/providers/Microsoft.Compute/${type}/${request.params['name']}`;

/** The operations of disks have a place of their own (provider operation `locations/diskOperations/read`). */
const placeOf = (request: Request, location: string) => ({
  location,
  operationPath: operationPathOf(request, 'Microsoft.Compute', location, 'DiskOperations'),
});

/** `PUT`: made from what it names; over what is there it changes what may change. */
export function put(world: World, request: Request, type: DiskType): Answer {
  const id = pathOf(type, request, writableGroup(world, request).id);
  const present = world.resources[type].get(keyOf(id));
  return present ? change(world, request, type, present) : create(world, request, type, id);
}

function create(world: World, request: Request, type: DiskType, id: string): Answer {
  const location = locationOf(request);
  const origin = originOf(world, type, request.json, location);
  const made = diskOf(world, request, id, location, origin);
  return accept(world, request, {
    status: 202,
    ...placeOf(request, location),
    body: view(world, type, made),
    work: (completion) => fill(world, type, made, origin, completion),
  });
}

function diskOf(world: World, request: Request, id: string, location: string, origin: Origin): Disk {
  const now = world.clock.now();
  const isIncremental = at(request.json, 'properties', 'incremental') === true;
  return {
    id,
    name: request.params['name'] ?? '',
    location,
    tags: tagsOf(request.json['tags']),
    uniqueId: world.newId(),
    osType: origin.osType,
    hyperVGeneration: origin.hyperVGeneration,
    sizeGB: origin.sizeGB,
    sku: text(at(request.json, 'sku', 'name')) ?? 'Standard_LRS',
    createdAt: now,
    completeAt: now + (origin.copyMs ?? 0),
    incrementalFamily: isIncremental ? (origin.family ?? origin.uniqueId ?? world.newId()) : undefined,
    creationData: origin.creationData,
    managedBy: undefined,
    content: { content: '' },
  };
}

/** A copy into another region is there at once, and complete later: the operation does not wait for it. */
function fill(world: World, type: DiskType, made: Disk, origin: Origin, completion: Completion): void {
  origin.read((content) =>
    later(world, copyMs, () => {
      const whole = { ...made, content };
      world.resources[type].set(keyOf(made.id), whole);
      completion.succeed(view(world, type, whole));
    }),
  );
}

const copyMs = 1_000;

export function patch(world: World, request: Request, type: DiskType, disk: Disk): Answer {
  return change(world, request, type, disk);
}

function change(world: World, request: Request, type: DiskType, disk: Disk): Answer {
  const changed: Disk = { ...disk, ...changeOf(request.json, disk) };
  world.resources[type].set(keyOf(disk.id), changed);
  return accept(world, request, {
    status: 202,
    ...placeOf(request, disk.location),
    body: view(world, type, changed),
    work: briefWork(world, () => view(world, type, changed)),
  });
}

function changeOf({ tags, sku, properties }: Json, disk: Disk): Partial<Disk> {
  requireSameSource(object(properties), disk);
  const sizeGB = number(at(properties, 'diskSizeGB'));
  if (sizeGB !== undefined && sizeGB < disk.sizeGB)
    throw badRequest(`The disk '${disk.name}' has ${disk.sizeGB} GB and can't be made smaller.`, 'disk.diskSizeGB');
  return {
    ...(tags !== undefined && { tags: tagsOf(tags) }),
    ...(sku !== undefined && { sku: text(at(sku, 'name')) ?? disk.sku }),
    ...(sizeGB !== undefined && { sizeGB }),
  };
}

/** Where it comes from stays what it was, and what kind of snapshot it is. */
function requireSameSource(properties: Json, disk: Disk): void {
  const written = object(properties['creationData']);
  for (const member of ['createOption', 'sourceResourceId', 'sourceUri'])
    if (written[member] !== undefined && keyOf(String(written[member])) !== keyOf(String(disk.creationData[member])))
      throw changeNotAllowed(`creationData.${member}`);
  const incremental = properties['incremental'];
  if (incremental !== undefined && incremental !== (disk.incrementalFamily !== undefined))
    throw changeNotAllowed('incremental');
}

/** Sentence: ansible/ansible#54644. */
export function remove(world: World, request: Request, type: DiskType): Answer {
  const key = keyOf(pathOf(type, request, findGroup(world, request).id));
  const disk = world.resources[type].get(key);
  if (!disk) return { status: 204 };
  if (disk.managedBy !== undefined) throw notAllowed(`Disk ${disk.name} is attached to VM ${disk.managedBy}.`);
  refuseWhileCopied(world, disk);
  return accept(world, request, {
    status: 202,
    ...placeOf(request, disk.location),
    work: briefWork(world, () => void world.resources[type].delete(key)),
  });
}

/** A snapshot stays while a copy of it travels to another region (own). */
function refuseWhileCopied(world: World, { id }: Disk): void {
  const copy = [...world.resources.snapshots.values()].find(
    ({ creationData, completeAt }) =>
      keyOf(String(creationData['sourceResourceId'])) === keyOf(id) && completeAt > world.clock.now(),
  );
  if (copy) throw notAllowed(`The snapshot '${id}' can't be deleted while it is copied to '${copy.id}'.`);
}
