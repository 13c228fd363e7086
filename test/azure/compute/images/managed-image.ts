import { ArmError } from '../../core/arm-errors.ts';
import { type Answer, noContent, ok, type Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, object, tagsOf, text } from '../../core/json.ts';
import { accept } from '../../core/operations.ts';
import { later, type World } from '../../core/world.ts';
import { computeId } from '../compute-id.ts';
import { changeNotAllowed } from '../galleries/unchangeable.ts';
import { find, requireGroup } from '../lookup.ts';
import type { ManagedImage } from '../state.ts';
import { imageBody } from './body.ts';
import { type ImageSource, imageSource, sourceIdOf } from './source.ts';

const segments = ({ params }: Request) => ['images', params['image'] ?? ''];

const findImage = (world: World, request: Request): ManagedImage =>
  find(world, request, world.compute.images, 'images', ...segments(request));

/** `PUT {image}`: keeps the disk of what it is made from (azure.md §14). */
export function putImage(world: World, request: Request): Answer {
  requireGroup(world, request);
  const id = computeId(request, ...segments(request));
  const present = world.compute.images.get(keyOf(id));
  if (present) return changeImage(world, request, present);
  const source = imageSource(world, request.json);
  const image = imageOf(request, id, source);
  world.compute.images.set(keyOf(id), image);
  return capture(world, request, image, source);
}

/** `PATCH {image}`: tags are all that can change. */
export const patchImage = (world: World, request: Request): Answer =>
  changeImage(world, request, findImage(world, request));

function changeImage(world: World, request: Request, image: ManagedImage): Answer {
  const properties = object(request.json['properties']);
  const machine = text(at(properties, 'sourceVirtualMachine', 'id'));
  const source = machine ?? sourceIdOf(object(at(properties, 'storageProfile', 'osDisk')));
  if (source !== undefined && keyOf(source) !== keyOf(image.sourceId))
    throw changeNotAllowed(machine === undefined ? 'storageProfile.osDisk' : 'sourceVirtualMachine.id');
  if (request.json['tags']) image.tags = tagsOf(request.json['tags']);
  return accept(world, request, {
    status: 200,
    location: image.location,
    body: imageBody(image),
    work: (completion) => later(world, world.settings.instanceWriteMs, () => completion.succeed(imageBody(image))),
  });
}

function imageOf(request: Request, id: string, source: ImageSource): ManagedImage {
  const { osType, hyperVGeneration, sourceId, sizeGB } = source;
  return {
    id,
    name: request.params['image'] ?? '',
    location: text(request.json['location']) ?? '',
    tags: tagsOf(request.json['tags']),
    properties: object(request.json['properties']),
    provisioningState: 'Creating',
    osType,
    hyperVGeneration,
    sourceId,
    sizeGB,
    disk: undefined,
  };
}

const capture = (world: World, request: Request, image: ManagedImage, source: ImageSource): Answer =>
  accept(world, request, {
    status: 201,
    location: image.location,
    body: imageBody(image),
    work: (completion) =>
      source.read((disk, problem) =>
        later(world, world.settings.instanceWriteMs, () => {
          image.provisioningState = problem ? 'Failed' : 'Succeeded';
          if (problem) return completion.fail(new ArmError(409, problem.code, problem.message));
          image.disk = disk;
          return completion.succeed(imageBody(image));
        }),
      ),
  });

export const getImage = (world: World, request: Request): Answer => ok(imageBody(findImage(world, request)));

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
