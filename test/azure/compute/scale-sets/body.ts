import type { Json } from '../../core/http.ts';
import { object, without } from '../../core/json.ts';
import type { ScaleSet } from '../state.ts';
import { faultDomainCount, isFlexible } from './mode.ts';

/** Write-only members (x-ms-secret in the specification). */
export const secrets: ReadonlySet<string> = new Set(['adminPassword', 'customData', 'protectedSettings']);

/** A scale set as its REST page shows it: top-level etag, no secrets. */
export function scaleSetBody(set: ScaleSet): Json {
  const properties = object(without(set.properties, secrets));
  return {
    name: set.name,
    id: set.id,
    type: 'Microsoft.Compute/virtualMachineScaleSets',
    location: set.location,
    tags: set.tags,
    sku: set.sku,
    etag: `"${set.etag}"`,
    ...(set.zones.length > 0 && { zones: set.zones }),
    ...set.others,
    properties: {
      singlePlacementGroup: false,
      orchestrationMode: 'Uniform',
      ...(!isFlexible(set) && { overprovision: false }),
      platformFaultDomainCount: faultDomainCount(set),
      ...properties,
      virtualMachineProfile: { ...object(properties['virtualMachineProfile']), timeCreated: timeOf(set) },
      provisioningState: set.provisioningState,
      uniqueId: set.uniqueId,
      timeCreated: timeOf(set),
    },
  };
}

const timeOf = (set: ScaleSet) => new Date(set.createdAt).toISOString();
