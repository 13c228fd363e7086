import type { Json } from '../../core/http.ts';
import { keyOf, typeOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import { fillInterface } from './interfaces.ts';
import { withPartIds } from './parts.ts';

/** An interface that a scale set makes for one of its machines. */
export function addInterface(world: World, id: string, location: string, written: Json): void {
  const properties = fillInterface(world, id, withPartIds(id, written, ['ipConfigurations']));
  addNetworkResource(world, 'networkInterfaces', { id, location, properties });
}

/** A resource that nobody has asked the network provider for, there at once. */
export function addNetworkResource(
  world: World,
  type: 'networkInterfaces' | 'virtualNetworks',
  { id, location, properties }: { readonly id: string; readonly location: string; readonly properties: Json },
): void {
  world.resources[type].set(keyOf(id), {
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type: typeOf(id),
    location,
    tags: {},
    resourceGuid: world.newId(),
    etag: `W/"${world.newId()}"`,
    sku: {},
    zones: [],
    properties,
    provisioningState: 'Succeeded',
  });
}
