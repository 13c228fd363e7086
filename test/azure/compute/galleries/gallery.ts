import { ArmError } from '../../core/arm-errors.ts';
import { type Answer, type Json, ok, type Request } from '../../core/http.ts';
import { keyOf, subscriptionOfId } from '../../core/ids.ts';
import { merge, object, tagsOf, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { computeId } from '../compute-id.ts';
import { find, requireGroup } from '../lookup.ts';
import type { Gallery } from '../state.ts';
import { requireRoom } from './limits.ts';
import { deleteLater, writeLater } from './operation.ts';

const segments = (request: Request) => ['galleries', request.params['gallery'] ?? ''];

const findGallery = (world: World, request: Request): Gallery =>
  find(world, request, world.compute.galleries, 'galleries', ...segments(request));

/** `PUT {gallery}` makes it, or changes what is given. */
export function putGallery(world: World, request: Request): Answer {
  requireGroup(world, request);
  const id = computeId(request, ...segments(request));
  const present = world.compute.galleries.get(keyOf(id));
  if (present) return changeGallery(world, request, present);
  const location = text(request.json['location']) ?? '';
  requireRoom(world, 'galleries', { id, location });
  const gallery: Gallery = { id, name: request.params['gallery'] ?? '', location, tags: {}, properties: {} };
  world.compute.galleries.set(keyOf(id), gallery);
  return writeGallery(world, request, gallery, 'Creating');
}

/** `PATCH {gallery}` */
export const patchGallery = (world: World, request: Request): Answer =>
  changeGallery(world, request, findGallery(world, request));

const changeGallery = (world: World, request: Request, gallery: Gallery): Answer =>
  writeGallery(world, request, gallery, 'Updating');

function writeGallery(world: World, request: Request, gallery: Gallery, state: 'Creating' | 'Updating'): Answer {
  gallery.properties = merge(gallery.properties, object(request.json['properties']));
  if (request.json['tags']) gallery.tags = tagsOf(request.json['tags']);
  return writeLater(world, request, gallery, state, () => galleryBody(gallery));
}

export const getGallery = (world: World, request: Request): Answer => ok(galleryBody(findGallery(world, request)));

export function listGalleries(world: World, request: Request): Answer {
  const { subscription, group } = request.params;
  if (group !== undefined) requireGroup(world, request);
  const prefix = keyOf(group === undefined ? `/subscriptions/${subscription}/` : computeId(request, ''));
  return ok({
    value: [...world.compute.galleries]
      .filter(([key]) => key.startsWith(prefix))
      .map(([, gallery]) => galleryBody(gallery)),
  });
}

/** Only an empty gallery can go. */
export function deleteGallery(world: World, request: Request): Answer {
  requireGroup(world, request);
  const key = keyOf(computeId(request, ...segments(request)));
  refuseNested(world.compute.definitions, key);
  return deleteLater(world, request, world.compute.galleries, key);
}

/** ARM's sentence for a parent that still has children. */
export function refuseNested(children: ReadonlyMap<string, { readonly id: string }>, parentKey: string): void {
  const child = [...children].find(([key]) => key.startsWith(`${parentKey}/`))?.[1];
  if (!child) return;
  throw new ArmError(
    409,
    'CannotDeleteResource',
    `Cannot delete resource while nested resources exist. Some existing nested resource IDs include: '${child.id}'. Please delete all nested resources before deleting this resource.`,
  );
}

const galleryBody = (gallery: Gallery): Json => ({
  id: gallery.id,
  name: gallery.name,
  type: 'Microsoft.Compute/galleries',
  location: gallery.location,
  tags: gallery.tags,
  properties: {
    ...gallery.properties,
    identifier: { uniqueName: `${subscriptionOfId(gallery.id)}-${gallery.name.toUpperCase()}` },
    provisioningState: gallery.state ?? 'Succeeded',
  },
});
