import { type Answer, type Json, ok, type Request } from '../../core/http.ts';
import { keyOf, regionKey, subscriptionOfId } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import { allCores, familiesWithQuota, limitOf, sizesIn } from './quota.ts';
import { sizeOf } from './sizes.ts';

/** `GET …/providers/Microsoft.Compute/locations/{location}/usages`: what is used of each quota, and its limit. */
export function listUsages(world: World, request: Request): Answer {
  const { subscription = '', location = '' } = request.params;
  const names = sizesIn(world, subscription, location);
  const sizes = names.map(sizeOf);
  const usage = (name: string, localized: string, currentValue: number): Json => ({
    unit: 'Count',
    currentValue,
    limit: limitOf(world, location, name),
    name: { value: name, localizedValue: localized },
  });
  const cores = (family?: string) =>
    sizes.reduce((sum, size) => sum + (family && keyOf(size.family) !== keyOf(family) ? 0 : size.cores), 0);
  const families = unique([...sizes.map(({ family }) => family), ...familiesWithQuota(world, location)]);
  return ok({
    value: [
      usage(allCores, 'Total Regional vCPUs', cores()),
      usage('virtualMachines', 'Virtual Machines', names.length),
      usage('virtualMachineScaleSets', 'Virtual Machine Scale Sets', setsIn(world, subscription, location)),
      ...families.map((family) => usage(family, `${family} vCPUs`, cores(family))),
    ],
  });
}

/** The first spelling of each: quotas are kept without regard to case. */
const unique = (families: readonly string[]) =>
  families.filter((family, index) => families.findIndex((other) => keyOf(other) === keyOf(family)) === index);

const setsIn = (world: World, subscription: string, location: string) =>
  [...world.compute.scaleSets.values()].filter(
    (set) => keyOf(subscriptionOfId(set.id)) === keyOf(subscription) && regionKey(set.location) === regionKey(location),
  ).length;
