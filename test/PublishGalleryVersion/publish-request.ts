import { sourceId } from '../../tasks/common/azure/gallery-source.ts';
import type { Cloud } from '../../tasks/common/sign-in/connection.ts';
import type { PublishRequest } from '../../tasks/PublishGalleryVersion/inputs.ts';
import { addGroup, testSubscription } from '../azure/compute/builders.ts';
import { addManagedImage } from '../azure/compute/images/builders.ts';
import type { ManagedImage } from '../azure/compute/state.ts';
import type { World } from '../azure/index.ts';

/** A managed image that was baked long ago. */
export function addImage(world: World, name: string, changes: Partial<ManagedImage> = {}, group = 'images'): string {
  const id = `${addGroup(world, group)}/providers/Microsoft.Compute/images/${name}`;
  return addManagedImage(world, id, changes).id;
}

/** Version 1.0.0 of definition `web` in its source's own region, as tests vary it. */
export const publishRequest = (
  cloud: Cloud,
  source: string,
  changes: Partial<PublishRequest> = {},
): PublishRequest => ({
  connection: {
    id: 'c',
    name: 'c',
    tenantId: 't',
    clientId: 'c',
    subscriptionId: testSubscription,
    cloud,
    secret: { scheme: 'secret', clientSecret: 'x' },
  },
  version: {
    subscription: testSubscription,
    group: 'images',
    gallery: 'gallery',
    definition: 'web',
    version: '1.0.0',
  },
  source: sourceId('sourceImageId', source),
  regions: [],
  excludeFromLatest: false,
  timeoutInMinutes: 60,
  ...changes,
});
