import { badRequest } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { groupOfId, keyOf } from '../../core/ids.ts';
import { at, list, number, object, tagsOf, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { resolveImage } from '../images/resolve.ts';
import { requireNoProfile } from '../images/specialized.ts';
import { requireQuota } from '../quota/quota.ts';
import { noRepairs } from '../repairs/state.ts';
import { watchRepairs } from '../repairs/watch.ts';
import type { ScaleSet } from '../state.ts';
import { requireTags } from '../tags.ts';
import { requireHealthSource } from './health-source.ts';
import { imageReferenceOf, newModel } from './model.ts';
import { requirePolicies } from './policies.ts';
import { requireShape } from './rules.ts';

/** Notes a new set from a PUT's body. It has no instances yet. */
export function addScaleSetRecord(world: World, id: string, body: Json): ScaleSet {
  const properties = object(body['properties']);
  const location = text(body['location']);
  const name = id.slice(id.lastIndexOf('/') + 1);
  if (location === undefined) throw badRequest("Required parameter 'location' is missing (null).", 'location');
  requirePolicies(undefined, properties);
  requireHealthSource(world, properties);
  const profile = object(properties['virtualMachineProfile']);
  requireNoProfile(resolveImage(world, imageReferenceOf(profile), location), profile['osProfile']);
  const sku = skuOf(object(body['sku']));
  const zones = list(body['zones']).map(String);
  requireShape({ name, properties, zones, sku });
  requireQuota(world, { id, location }, sku.name, sku.capacity);
  const set: ScaleSet = {
    id,
    name,
    location,
    group: groupOfId(id),
    tags: requireTags(tagsOf(body['tags'])),
    zones,
    others: othersOf(body),
    sku,
    properties,
    createdAt: world.clock.now(),
    uniqueId: world.newId(),
    etag: 1,
    provisioningState: 'Creating',
    model: newModel(1, sku.name, profile),
    nextInstanceId: 0,
    repairs: at(properties, 'automaticRepairsPolicy', 'enabled') === true ? 'Running' : 'NotRunning',
    repairWork: noRepairs(),
    open: new Set(),
    lastRollingUpgrade: undefined,
  };
  world.compute.scaleSets.set(keyOf(id), set);
  watchRepairs(world, set);
  return set;
}

function skuOf(sku: Json): ScaleSet['sku'] {
  const name = text(sku['name']);
  const capacity = number(sku['capacity']);
  if (name === undefined || capacity === undefined)
    throw badRequest("Required parameter 'sku' is missing name or capacity.", 'sku');
  return { name, tier: text(sku['tier']) ?? 'Standard', capacity };
}

const othersOf = (body: Json): Json =>
  Object.fromEntries(
    ['identity', 'plan', 'extendedLocation'].flatMap((member) => (body[member] ? [[member, body[member]]] : [])),
  );
