import { ArmError } from '../../core/arm-errors.ts';
import { keyOf, regionKey } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import { sentence } from '../allocation/failures.ts';
import { faultDomainCount } from '../scale-sets/mode.ts';
import type { Instance, ScaleSet } from '../state.ts';

export type Place = Pick<Instance, 'zone' | 'faultDomain'>;

/** How many instances are in a zone, and in a fault domain of it. */
type Sizes = Map<string, number>;

/**
 * Where the next instances go: each into the emptiest zone, and there into the emptiest fault domain.
 * `1 1 2` of zones 1, 2, 3 and two more: `3 2`.
 */
export function placesFor(world: World, set: ScaleSet, count: number): readonly Place[] {
  const sizes: Sizes = new Map();
  for (const instance of world.compute.instances.values())
    if (instance.setKey === keyOf(set.id) && instance.provisioningState !== 'Deleting') occupy(sizes, instance);
  return Array.from({ length: count }, () => {
    const zone = emptiestZone(world, set, sizes);
    const domains = Array.from({ length: faultDomainCount(set) }, (_, faultDomain) => ({ zone, faultDomain }));
    const place = least(domains, (domain) => sizes.get(domainKey(domain)) ?? 0);
    occupy(sizes, place);
    return place;
  });
}

export const placeFor = (world: World, set: ScaleSet): Place => placesFor(world, set, 1)[0] as Place;

/** A strict zone balance refuses what would put zones out of balance; else the next best zone is taken (spec, zoneBalance). */
function emptiestZone(world: World, set: ScaleSet, sizes: Sizes): string | undefined {
  if (set.zones.length === 0) return undefined;
  const size = (zone: string) => sizes.get(zone) ?? 0;
  const open = set.zones.filter((zone) => !world.compute.fullZones.has(zoneKey(set.location, zone)));
  if (open.length === 0) throw zoneIsFull(set);
  const zone = least(open, size);
  if (set.properties['zoneBalance'] === true && size(zone) > size(least(set.zones, size))) throw zoneIsFull(set);
  return zone;
}

/** `koreacentral-1` */
export const zoneKey = (location: string, zone: string): string => `${regionKey(location)}-${zone}`;

function occupy(sizes: Sizes, place: Place): void {
  for (const key of [place.zone ?? '', domainKey(place)]) sizes.set(key, (sizes.get(key) ?? 0) + 1);
}

const domainKey = ({ zone = '', faultDomain }: Place) => `${zone}/${faultDomain}`;

/** The first of the smallest. */
const least = <Item>([first, ...rest]: readonly Item[], size: (item: Item) => number): Item =>
  rest.reduce((smallest, item) => (size(item) < size(smallest) ? item : smallest), first as Item);

/** The platform knows it while it looks for a place: nothing has been made yet. */
function zoneIsFull(set: ScaleSet): ArmError {
  const { id, location, sku } = set;
  const code = 'ZonalAllocationFailed';
  return new ArmError(409, code, sentence(code, { id, location, zone: undefined, size: sku.name }));
}
