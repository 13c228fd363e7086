import type { Json } from '../../core/http.ts';
import { object } from '../../core/json.ts';
import type { ManagedImage } from '../state.ts';

/** A managed image as its REST page shows it. */
export function imageBody(image: ManagedImage): Json {
  const storage = object(image.properties['storageProfile']);
  const isOfMachine = /\/virtualMachines\/[^/]+$/i.test(image.sourceId);
  return {
    id: image.id,
    name: image.name,
    type: 'Microsoft.Compute/images',
    location: image.location,
    tags: image.tags,
    properties: {
      ...(isOfMachine && { sourceVirtualMachine: { id: image.sourceId } }),
      storageProfile: {
        osDisk: {
          diskSizeGB: image.sizeGB ?? 30,
          caching: 'ReadWrite',
          storageAccountType: 'Standard_LRS',
          ...object(storage['osDisk']),
          osType: image.osType,
          osState: 'Generalized',
        },
        dataDisks: storage['dataDisks'] ?? [],
        zoneResilient: storage['zoneResilient'] === true,
      },
      hyperVGeneration: image.hyperVGeneration,
      provisioningState: image.provisioningState,
    },
  };
}
