import type { ScaleSetModel } from '../azure/scale-set.ts';
import type { RolloutOptions } from '../execute/rollout-options.ts';
import { Failure } from '../failure.ts';

type Asked = Pick<RolloutOptions, 'health' | 'upgradePolicy'>;
type SetCheck = (name: string, model: ScaleSetModel, asked: Asked) => void;

/** Each refuses, before the first write, a scale set that a careful rollout cannot work on, and names the cure. */
export const setChecks = ({ upgradePolicy }: Asked): readonly SetCheck[] => [
  notManagedByOthers,
  uniform,
  ...(upgradePolicy === 'requireManual' ? [manualUpgrades, noAutomaticOsUpgrade] : []),
  reportsHealth,
];

/** Refuses at the first check that fails. */
export function assertSetFits(name: string, model: ScaleSetModel, asked: Asked): void {
  for (const check of setChecks(asked)) check(name, model, asked);
}

function notManagedByOthers(name: string, { managedBy }: ScaleSetModel): void {
  if (managedBy === '') return;
  throw new Failure(
    'SetManagedByService',
    `Scale set ${name} belongs to ${managedBy}, which upgrades and replaces its nodes by itself`,
    `Change the image through ${managedBy}.`,
  );
}

function uniform(name: string, { orchestration }: ScaleSetModel): void {
  if (orchestration === 'Uniform') return;
  throw new Failure(
    'FlexibleNotSupported',
    `Scale set ${name} uses Flexible orchestration; this version of the task upgrades Uniform sets only`,
    'Use a Uniform scale set, or a later version of this task.',
  );
}

/** Under the other modes writing the model already rolls nodes, with limits that are not ours (upgrade policy page). */
function manualUpgrades(name: string, { upgradeMode }: ScaleSetModel): void {
  if (upgradeMode === 'Manual') return;
  throw new Failure(
    'UpgradePolicyWouldRoll',
    `Scale set ${name} has the upgrade policy "${upgradeMode}": Azure itself would roll every node as soon as the image is written`,
    `Set it to Manual: az vmss update --name ${name} --resource-group <group> --set upgradePolicy.mode=Manual. Or let the task switch it for the time of the rollout (upgradePolicy: switchToManual)`,
  );
}

function noAutomaticOsUpgrade(name: string, { automaticOsUpgrade }: ScaleSetModel): void {
  if (!automaticOsUpgrade) return;
  throw new Failure(
    'AutomaticOsUpgradeOn',
    `Scale set ${name} has automatic OS upgrades switched on; they would replace nodes in the middle of a rollout`,
    `Switch them off: az vmss update --name ${name} --resource-group <group> --set upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade=false. Or let the task do it for the time of the rollout (upgradePolicy: switchToManual)`,
  );
}

function reportsHealth(name: string, { hasHealthSource }: ScaleSetModel, { health }: Asked): void {
  if (hasHealthSource || health.kind !== 'azure') return;
  throw new Failure(
    'NoHealthSource',
    `Scale set ${name} has neither a health probe nor the Application Health extension: nobody could tell a good node from a bad one`,
    'Add the Application Health extension (or a Load Balancer health probe) to the model and upgrade the nodes once, or choose another healthSource: http asks each node from the agent, script runs a script of yours on it, none takes every node that runs for healthy.',
  );
}
