import { ArmError, badRequest, notAllowed } from '../../core/arm-errors.ts';
import { type Answer, type Json, noContent, ok, type Request } from '../../core/http.ts';
import { groupOfId, keyOf, regionKey } from '../../core/ids.ts';
import { at, object, tagsOf, text } from '../../core/json.ts';
import { accept } from '../../core/operations.ts';
import { later, type World } from '../../core/world.ts';
import type { VirtualMachine } from '../../resources/state.ts';
import { computeId } from '../compute-id.ts';
import { changeNotAllowed } from '../galleries/unchangeable.ts';
import { find, requireGroup, resourceNotFound } from '../lookup.ts';
import type { ManagedImage } from '../state.ts';

const segments = ({ params }: Request) => ['images', params['image'] ?? ''];

/** `PUT {image}`: keeps the disk of a deallocated, generalized machine (azure.md §14). */
export function putImage(world: World, request: Request): Answer {
  requireGroup(world, request);
  const sourceId = text(at(request.json, 'properties', 'sourceVirtualMachine', 'id'));
  if (sourceId === undefined)
    throw badRequest(
      'The simulated Azure makes images from properties.sourceVirtualMachine only.',
      'sourceVirtualMachine',
    );
  const id = computeId(request, ...segments(request));
  const present = world.compute.images.get(keyOf(id));
  if (present) return changeImage(present, sourceId, request);
  const machine = capturable(world, sourceId, text(request.json['location']) ?? '');
  const image = imageOf(request, id, machine);
  world.compute.images.set(keyOf(id), image);
  return capture(world, request, image);
}

function changeImage(image: ManagedImage, sourceId: string, request: Request): Answer {
  if (keyOf(sourceId) !== keyOf(image.sourceId)) throw changeNotAllowed('sourceVirtualMachine.id');
  if (request.json['tags']) image.tags = tagsOf(request.json['tags']);
  return ok(imageBody(image));
}

function capturable(world: World, id: string, location: string): VirtualMachine {
  const machine = world.resources.virtualMachines.get(keyOf(id));
  if (!machine) throw resourceNotFound('virtualMachines', id.slice(id.lastIndexOf('/') + 1), groupOfId(id));
  if (regionKey(machine.location) !== regionKey(location))
    throw badRequest(
      `The virtual machine '${id}' is in ${machine.location}, the image in ${location}; they must be in one region.`,
      'location',
    );
  if (machine.powerState !== 'deallocated')
    throw notAllowed(`The virtual machine '${machine.name}' must be deallocated before it can be captured.`);
  if (!machine.generalized)
    throw notAllowed(`The virtual machine '${machine.name}' must be set to generalized before it can be captured.`);
  return machine;
}

function imageOf(request: Request, id: string, machine: VirtualMachine): ManagedImage {
  return {
    id,
    name: request.params['image'] ?? '',
    location: machine.location,
    tags: tagsOf(request.json['tags']),
    properties: object(request.json['properties']),
    provisioningState: 'Creating',
    osType: machine.osType,
    hyperVGeneration: machine.hyperVGeneration,
    sourceId: machine.id,
    disk: undefined,
  };
}

const capture = (world: World, request: Request, image: ManagedImage): Answer =>
  accept(world, request, {
    status: 201,
    location: image.location,
    body: imageBody(image),
    work: (completion) =>
      world.machines.capture(keyOf(image.sourceId), (disk, problem) => {
        image.provisioningState = problem ? 'Failed' : 'Succeeded';
        if (problem) return completion.fail(new ArmError(409, problem.code, problem.message));
        image.disk = disk;
        return completion.succeed(imageBody(image));
      }),
  });

export const getImage = (world: World, request: Request): Answer =>
  ok(imageBody(find(world, request, world.compute.images, 'images', ...segments(request))));

export function listImages(world: World, request: Request): Answer {
  const { subscription, group } = request.params;
  if (group !== undefined) requireGroup(world, request);
  const prefix = keyOf(group === undefined ? `/subscriptions/${subscription}/` : computeId(request, ''));
  return ok({
    value: [...world.compute.images].filter(([key]) => key.startsWith(prefix)).map(([, image]) => imageBody(image)),
  });
}

export function deleteImage(world: World, request: Request): Answer {
  requireGroup(world, request);
  const key = keyOf(computeId(request, ...segments(request)));
  const image = world.compute.images.get(key);
  if (!image) return noContent();
  return accept(world, request, {
    status: 202,
    location: image.location,
    work: (completion) =>
      later(world, world.settings.instanceWriteMs, () => {
        world.compute.images.delete(key);
        completion.succeed();
      }),
  });
}

function imageBody(image: ManagedImage): Json {
  const storage = object(image.properties['storageProfile']);
  return {
    id: image.id,
    name: image.name,
    type: 'Microsoft.Compute/images',
    location: image.location,
    tags: image.tags,
    properties: {
      sourceVirtualMachine: { id: image.sourceId },
      storageProfile: {
        osDisk: {
          osType: image.osType,
          osState: 'Generalized',
          diskSizeGB: 30,
          caching: 'ReadWrite',
          storageAccountType: 'Standard_LRS',
        },
        dataDisks: [],
        zoneResilient: storage['zoneResilient'] === true,
      },
      hyperVGeneration: image.hyperVGeneration,
      provisioningState: image.provisioningState,
    },
  };
}
