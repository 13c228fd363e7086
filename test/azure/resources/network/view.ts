import type { World } from '../../core/world.ts';
import type { NetworkResource } from '../state.ts';
import type { Kind } from './kinds.ts';
import { shownParts } from './parts.ts';

/** A network resource as its GET shows it. */
export function view(world: World, kind: Kind, resource: NetworkResource) {
  const { id, name, type, location, tags, resourceGuid, etag, sku, zones, provisioningState } = resource;
  const properties = { ...resource.properties, ...kind.show?.(world, resource) };
  return {
    id,
    name,
    type,
    location,
    tags,
    etag,
    ...(hasSku.has(kind.type) && { sku }),
    ...(zones.length > 0 && { zones }),
    properties: {
      ...shownParts(properties, kind.parts, etag, provisioningState),
      resourceGuid,
      provisioningState,
    },
  };
}

const hasSku = new Set<Kind['type']>(['publicIPAddresses', 'loadBalancers']);
