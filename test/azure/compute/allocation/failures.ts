import { keyOf, regionKey, subscriptionOfId } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import type { MachineProblem } from '../../machines/machines.ts';

/** That Azure finds no place for machines: data, counted off as it happens. */
export interface AllocationFailure {
  readonly code:
    | 'AllocationFailed'
    | 'ZonalAllocationFailed'
    | 'OverconstrainedAllocationRequest'
    | 'OverconstrainedZonalAllocationRequest'
    | 'SkuNotAvailable';
  /** Undefined is any. */
  readonly location?: string;
  readonly zone?: string;
  readonly size?: string;
  /** How many machines it hits. */
  readonly times: number;
}

export function addAllocationFailure(world: World, failure: AllocationFailure): void {
  world.compute.allocationFailures.push({ failure, left: failure.times });
}

/** A machine that wants a place. */
export interface Wanted {
  readonly id: string;
  readonly location: string;
  readonly zone: string | undefined;
  readonly size: string;
}

/** Why this machine finds no place, counted off; undefined when it does. */
export function allocate(world: World, wanted: Wanted): MachineProblem | undefined {
  const entry = world.compute.allocationFailures.find(({ failure, left }) => left > 0 && hits(failure, wanted));
  if (!entry) return undefined;
  entry.left -= 1;
  return { code: entry.failure.code, message: sentence(entry.failure.code, wanted) };
}

const hits = (failure: AllocationFailure, { location, zone, size }: Wanted) =>
  (failure.location === undefined || regionKey(failure.location) === regionKey(location)) &&
  (failure.zone === undefined || failure.zone === zone) &&
  (failure.size === undefined || keyOf(failure.size) === keyOf(size));

const guidance = 'Read more about improving likelihood of allocation success at http://aka.ms/allocation-guidance';
const tooStrict =
  'Allocation failed. VM(s) with the following constraints cannot be allocated, because the condition is too restrictive. Please remove some constraints and try again. Constraints applied are:\n';

/** Quoted from WALinuxAgent#3056, azure-docs#41402, aks-store-demo#115, jenkins-infra/azure#1416; the last: doc error-sku-not-available. */
export function sentence(code: AllocationFailure['code'], { id, location, zone }: Wanted): string {
  switch (code) {
    case 'AllocationFailed':
      return `Allocation failed. We do not have sufficient capacity for the requested VM size in this region. ${guidance}`;
    case 'ZonalAllocationFailed':
      return `Allocation failed. We do not have sufficient capacity for the requested VM size in this zone. ${guidance}`;
    case 'OverconstrainedAllocationRequest':
      return `${tooStrict}  - Networking Constraints (such as Accelerated Networking or IPv6)\n  - VM Size\n`;
    case 'OverconstrainedZonalAllocationRequest':
      return `${tooStrict}  - Availability Zone\n  - VM Size\n`;
    case 'SkuNotAvailable':
      return `The requested size for resource '${id}' is currently not available in location '${location}' zones '${zone ?? ''}' for subscription '${subscriptionOfId(id)}'. Please try another size or deploy to a different location or zones. See https://aka.ms/azureskunotavailable for details.`;
  }
}
