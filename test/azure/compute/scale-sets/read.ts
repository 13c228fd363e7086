import { type Answer, type Json, noContent, ok, type Request } from '../../core/http.ts';
import { keyOf, subscriptionOfId } from '../../core/ids.ts';
import { at, list, object } from '../../core/json.ts';
import { accept } from '../../core/operations.ts';
import type { World } from '../../core/world.ts';
import { computeId } from '../compute-id.ts';
import { gather, operationError } from '../instances/life.ts';
import { removeInstances } from '../instances/remove.ts';
import { findScaleSet, instancesOf, requireGroup, resourceNotFound } from '../lookup.ts';
import type { Instance, ScaleSet } from '../state.ts';
import { scaleSetBody } from './body.ts';
import { instanceViewIsOfMachines, isFlexible } from './mode.ts';

export const getScaleSet = (world: World, request: Request): Answer => ok(scaleSetBody(findScaleSet(world, request)));

export function listInGroup(world: World, request: Request): Answer {
  requireGroup(world, request);
  const prefix = keyOf(computeId(request, 'virtualMachineScaleSets', ''));
  return answerList(world, ([key]) => key.startsWith(prefix));
}

export const listInSubscription = (world: World, request: Request): Answer =>
  answerList(world, ([, set]) => keyOf(subscriptionOfId(set.id)) === keyOf(request.params['subscription'] ?? ''));

const answerList = (world: World, wanted: (entry: readonly [string, ScaleSet]) => boolean): Answer =>
  ok({ value: [...world.compute.scaleSets].filter(wanted).map(([, set]) => scaleSetBody(set)) });

/** `DELETE {set}`: its instances go with it. */
export function deleteScaleSet(world: World, request: Request): Answer {
  requireGroup(world, request);
  const key = keyOf(computeId(request, 'virtualMachineScaleSets', request.params['set'] ?? ''));
  const set = world.compute.scaleSets.get(key);
  if (!set) return noContent();
  set.provisioningState = 'Deleting';
  const doomed = instancesOf(world, set);
  return accept(world, request, {
    status: 202,
    location: set.location,
    work(completion) {
      const done = gather(doomed.length, (problems) => {
        if (problems.length > 0) return completion.fail(operationError(problems));
        world.compute.scaleSets.delete(key);
        completion.succeed();
      });
      removeInstances(world, doomed, done);
    },
  });
}

/** `GET {set}/instanceView`: counts by state, and what watches over the set (azure.md §1, §9). */
export function getSetInstanceView(world: World, request: Request): Answer {
  const set = findScaleSet(world, request);
  if (isFlexible(set) && world.settings.flexInstanceView === 'refused') throw instanceViewIsOfMachines(set);
  const instances = instancesOf(world, set);
  const state = set.provisioningState.toLowerCase();
  return ok({
    virtualMachine: { statusesSummary: summary(instances.map(provisioningCode)) },
    extensions: extensionsSummary(set, instances.length),
    statuses: [
      {
        code: `ProvisioningState/${state}`,
        level: 'Info',
        displayStatus: `Provisioning ${state}`,
        time: new Date(world.clock.now()).toISOString(),
      },
    ],
    orchestrationServices: [{ serviceName: 'AutomaticRepairs', serviceState: set.repairs }],
  });
}

const provisioningCode = (instance: Instance) => `ProvisioningState/${instance.provisioningState.toLowerCase()}`;

function summary(codes: readonly string[]): readonly Json[] {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, count]) => ({ code, count }));
}

const extensionsSummary = (set: ScaleSet, count: number) =>
  list(at(set.model.profile, 'extensionProfile', 'extensions')).map((extension) => ({
    name: object(extension)['name'],
    statusesSummary: [{ code: 'ProvisioningState/succeeded', count }],
  }));

/** `GET {set}/rollingUpgrades/latest`: 404 when none has ever run. */
export function getLatestRollingUpgrade(world: World, request: Request): Answer {
  const set = findScaleSet(world, request);
  const upgrade = set.lastRollingUpgrade;
  if (!upgrade) throw resourceNotFound('virtualMachineScaleSets/rollingUpgrades', 'latest', set.group);
  const { code, startedAt, successful, failed, inProgress, pending } = upgrade;
  const counts = {
    successfulInstanceCount: successful,
    failedInstanceCount: failed,
    inProgressInstanceCount: inProgress,
    pendingInstanceCount: pending,
  };
  const properties = {
    policy: object(at(set.properties, 'upgradePolicy', 'rollingUpgradePolicy')),
    runningStatus: {
      code,
      startTime: new Date(startedAt).toISOString(),
      lastAction: 'Start',
    },
    progress: counts,
  };
  const type = 'Microsoft.Compute/virtualMachineScaleSets/rollingUpgrades';
  return ok({ id: `${set.id}/rollingUpgrades/latest`, name: 'latest', type, location: set.location, properties });
}
