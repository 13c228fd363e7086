import { type Answer, ok, type Request } from '../core/http.ts';
import { groupOfId, subscriptionOfId } from '../core/ids.ts';
import type { World } from '../core/world.ts';
import { nothingHere, refused, whyRefused } from './header.ts';

/** `GET /metadata/instance`: what a machine of a scale set is called; a few of the members of the page. */
export function readInstance(world: World, request: Request): Answer {
  const why = whyRefused(request);
  return why === undefined ? ok({ compute: computeOf(world, request) }) : refused(why);
}

/** `GET /metadata/instance/compute/name?format=text` */
export function readName(world: World, request: Request): Answer {
  const why = whyRefused(request);
  if (why !== undefined) return refused(why);
  const text = request.url.searchParams.get('format') === 'text';
  return text ? ok(computeOf(world, request).name) : refused("A single value is given with 'format=text' only");
}

function computeOf(world: World, { from }: Request) {
  const instance = from === undefined ? undefined : world.compute.instances.get(from);
  const set = instance && world.compute.scaleSets.get(instance.setKey);
  if (!instance || !set) throw nothingHere();
  return {
    name: instance.name,
    vmId: instance.vmId,
    resourceId: instance.id,
    resourceGroupName: groupOfId(instance.id),
    subscriptionId: subscriptionOfId(instance.id),
    vmScaleSetName: set.name,
    vmSize: instance.model.skuName,
    location: set.location,
    zone: instance.zone ?? '',
    platformFaultDomain: String(instance.faultDomain),
    provider: 'Microsoft.Compute',
  };
}
