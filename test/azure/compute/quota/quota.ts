import { notAllowed } from '../../core/arm-errors.ts';
import { keyOf, regionKey, subscriptionOfId } from '../../core/ids.ts';
import { at, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { sizeOf } from './sizes.ts';

/** The quota of all cores of a region, as `usages` names it. */
export const allCores = 'cores';

/** Where nothing else is said; more than any test needs. Own. */
const usualLimit = 10_000;

/** Where something lies, and whose it is. */
export interface Place {
  readonly id: string;
  readonly location: string;
}

/** Sets a quota of a region: `cores`, or a family as `standardDSv5Family`. It holds for each subscription by itself. */
export function addQuota(
  world: World,
  { location = 'koreacentral', name = allCores, limit }: { location?: string; name?: string; limit: number },
): void {
  world.compute.quotas.set(quotaKey(location, name), limit);
}

const quotaKey = (location: string, name: string) => `${regionKey(location)} ${name.toLowerCase()}`;

export const limitOf = (world: World, location: string, name: string): number =>
  world.compute.quotas.get(quotaKey(location, name)) ?? usualLimit;

/** The names of the families for which a quota has been set in a region, in lower case. */
export const familiesWithQuota = (world: World, location: string): readonly string[] =>
  [...world.compute.quotas.keys()]
    .filter((key) => key.startsWith(`${regionKey(location)} `))
    .map((key) => key.slice(regionKey(location).length + 1))
    .filter((name) => name !== allCores);

/** The sizes of all machines of a subscription in a region, deallocated ones too (Microsoft Learn, quotas). */
export function sizesIn(world: World, subscription: string, location: string): readonly string[] {
  const isHere = (place: Place) =>
    keyOf(subscriptionOfId(place.id)) === keyOf(subscription) && regionKey(place.location) === regionKey(location);
  const inSets = [...world.compute.instances.values()].filter(({ id, setKey }) =>
    isHere({ id, location: world.compute.scaleSets.get(setKey)?.location ?? '' }),
  );
  const alone = [...world.resources.virtualMachines.values()].filter(isHere);
  return [
    ...inSets.map(({ model }) => model.skuName),
    ...alone.map(({ properties }) => text(at(properties, 'hardwareProfile', 'vmSize')) ?? ''),
  ];
}

/** Refuses what would take more cores of the region, or of the size's family, than there are left. */
export function requireQuota(world: World, place: Place, sizeName: string, count: number): void {
  const { cores, family } = sizeOf(sizeName);
  const sizes = sizesIn(world, subscriptionOfId(place.id), place.location).map(sizeOf);
  const used = (of: readonly { readonly cores: number }[]) => of.reduce((sum, size) => sum + size.cores, 0);
  const quotas = [
    { name: allCores, called: 'Total Regional Cores', usage: used(sizes) },
    {
      name: family,
      called: `${family} Cores`,
      usage: used(sizes.filter((size) => keyOf(size.family) === keyOf(family))),
    },
  ];
  for (const { name, called, usage } of quotas) {
    const limit = limitOf(world, place.location, name);
    if (count > 0 && usage + count * cores > limit) throw exceeded(called, place, limit, usage, count * cores);
  }
}

/** As quoted in nforgeio/neonKUBE#1671 (409 OperationNotAllowed) and theonemule/fahclient-azure-vm#3. */
const exceeded = (called: string, { location }: Place, limit: number, usage: number, required: number) =>
  notAllowed(
    `Operation could not be completed as it results in exceeding approved ${called} quota. Additional details - Deployment Model: Resource Manager, Location: ${location}, Current Limit: ${limit}, Current Usage: ${usage}, Additional Required: ${required}, (Minimum) New Limit Required: ${usage + required}. Submit a request for Quota increase at https://aka.ms/ProdportalCRP by specifying parameters listed in the 'Details' section for deployment to succeed. Please read more about quota limits at https://docs.microsoft.com/en-us/azure/azure-supportability/regional-quota-requests`,
  );
