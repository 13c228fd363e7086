import { ArmError } from '../../core/arm-errors.ts';
import type { Answer, Json, Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { list, merge, number, object, tagsOf, text } from '../../core/json.ts';
import { accept } from '../../core/operations.ts';
import { later, type World } from '../../core/world.ts';
import type { MachineProblem } from '../../machines/machines.ts';
import { computeId } from '../compute-id.ts';
import { createInstances } from '../instances/create.ts';
import { gather, operationError } from '../instances/life.ts';
import { removeInstances } from '../instances/remove.ts';
import { chooseScaleIn } from '../instances/scale-in.ts';
import { findScaleSet, instancesOf, requireGroup } from '../lookup.ts';
import { requirePreconditions } from '../preconditions.ts';
import { requireQuota } from '../quota/quota.ts';
import { watchRepairs } from '../repairs/watch.ts';
import type { ScaleSet } from '../state.ts';
import { requireTags } from '../tags.ts';
import { scaleSetBody } from './body.ts';
import { addScaleSetRecord } from './create.ts';
import { balancingProblem, requireHealthSource } from './health-source.ts';
import { isFlexible } from './mode.ts';
import { imageReferenceOf, modelAfter } from './model.ts';
import { begin, refuseConflict } from './open-work.ts';
import { repairsAfter } from './orchestration.ts';
import { requirePolicies } from './policies.ts';
import { requireSameKind, requireShape } from './rules.ts';
import { rollByPolicy } from './upgrade-policy.ts';

/** `PUT {set}`: makes it, or changes what is given (azure.md §2: compute's PUT behaves like PATCH). */
export function putScaleSet(world: World, request: Request): Answer {
  requireGroup(world, request);
  const id = computeId(request, 'virtualMachineScaleSets', request.params['set'] ?? '');
  const present = world.compute.scaleSets.get(keyOf(id));
  requirePreconditions(request, present?.etag);
  if (present) return change(world, request, present);
  const set = addScaleSetRecord(world, id, request.json);
  return carryOut(world, request, set, 0, 201);
}

/** `PATCH {set}`: changes what is given; tags are taken as a whole. Answers 200 and `Updating` (azure.md §1). */
export function patchScaleSet(world: World, request: Request): Answer {
  const set = findScaleSet(world, request);
  requirePreconditions(request, set.etag);
  return change(world, request, set);
}

function change(world: World, request: Request, set: ScaleSet): Answer {
  refuseConflict(world, set, 'setWrite');
  const { json } = request;
  const properties = withDiskOfImage(world, set, merge(set.properties, object(json['properties'])));
  requirePolicies(set.properties, properties);
  requireHealthSource(world, properties);
  const sku = skuAfter(set, object(json['sku']));
  const zones = zonesAfter(set, json);
  const before = set.sku.capacity;
  requireSameKind(set, { ...set, properties, zones });
  requireShape({ name: set.name, properties, zones, sku });
  requireQuotaFor(world, set, sku);
  const tags = json['tags'] === undefined || json['tags'] === null ? set.tags : requireTags(tagsOf(json['tags']));
  const tagsChanged = JSON.stringify(tags) !== JSON.stringify(set.tags);
  const model = modelAfter(world, set, sku.name, object(properties['virtualMachineProfile']), tagsChanged);
  const repairs = repairsAfter(set, properties);
  Object.assign(set, { properties, sku, tags, model, repairs, etag: set.etag + 1, zones });
  watchRepairs(world, set);
  return carryOut(world, request, set, before, 200);
}

/** Another image has a disk of another size; whether a model says so by itself is not proven. */
function withDiskOfImage(world: World, set: ScaleSet, properties: Json): Json {
  const profile = object(properties['virtualMachineProfile']);
  const [before, after] = [set.model.profile, profile].map((one) => JSON.stringify(imageReferenceOf(one)));
  if (!world.settings.imageWriteSetsDisk || before === after) return properties;
  const osDisk = { diskSizeGB: 30 + set.model.number };
  return merge(properties, { virtualMachineProfile: { storageProfile: { osDisk } } });
}

const skuAfter = (set: ScaleSet, sku: Json): ScaleSet['sku'] => ({
  name: text(sku['name']) ?? set.sku.name,
  tier: text(sku['tier']) ?? set.sku.tier,
  capacity: number(sku['capacity']) ?? set.sku.capacity,
});

const zonesAfter = (set: ScaleSet, json: Json) => (json['zones'] ? list(json['zones']).map(String) : set.zones);

/** A higher capacity needs cores for those that are missing. */
export function requireQuotaFor(world: World, set: ScaleSet, sku: ScaleSet['sku']): void {
  const { capacity } = set.sku;
  if (sku.capacity > capacity) requireQuota(world, set, sku.name, missingOf(world, set, capacity, sku.capacity));
}

/**
 * How many instances a new capacity asks for. Under Flexible that is the difference to the number that stood there before,
 * whatever is really there (azure.md §4).
 */
const missingOf = (world: World, set: ScaleSet, before: number, capacity: number): number =>
  capacity - (isFlexible(set) ? before : presentOf(world, set).length);

const presentOf = (world: World, set: ScaleSet) =>
  instancesOf(world, set).filter(({ provisioningState }) => provisioningState !== 'Deleting');

/** Brings the instances to the capacity, then rolls them if the policy says so; the operation ends with the last. */
function carryOut(world: World, request: Request, set: ScaleSet, before: number, status: 200 | 201): Answer {
  const end = begin(world, set, 'setWrite');
  const body = scaleSetBody(set);
  return accept(world, request, {
    status,
    location: set.location,
    body,
    work(completion) {
      const ended = (problems: readonly MachineProblem[]) => {
        end(problems.length === 0);
        if (problems.length > 0) completion.fail(operationError(problems));
        else completion.succeed(scaleSetBody(set));
      };
      later(world, world.settings.setWriteMs, () => {
        const problem = balancingProblem(set);
        if (problem) ended([problem]);
        else
          reconcile(world, set, before, (problems) => {
            if (problems.length > 0) ended(problems);
            else rollByPolicy(world, set, ended);
          });
      });
    },
  });
}

/** Makes or ends as many instances as `sku.capacity` asks for, after it was `before`. */
export function reconcile(
  world: World,
  set: ScaleSet,
  before: number,
  ended: (problems: readonly MachineProblem[]) => void,
): void {
  const missing = missingOf(world, set, before, set.sku.capacity);
  if (missing >= 0) addMissing(world, set, missing, ended);
  else {
    const doomed = chooseScaleIn(set, presentOf(world, set), -missing);
    removeInstances(world, doomed, gather(doomed.length, ended));
  }
}

function addMissing(
  world: World,
  set: ScaleSet,
  missing: number,
  ended: (problems: readonly MachineProblem[]) => void,
): void {
  try {
    createInstances(world, set, missing, gather(missing, ended));
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    ended([error.envelope]);
  }
}
