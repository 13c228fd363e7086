import type { VirtualMachineScaleSetUpdate } from '@azure/arm-compute';
import type { Paused } from '../record/record.ts';
import type { ScaleSetModel } from './scale-set.ts';

type FormerPolicy = Pick<Paused, 'upgradeMode' | 'osUpgrades'>;

/**
 * Takes from Azure what it would do to nodes by itself, as far as the record names it. The parameters of rolling upgrades
 * and all else of the policy stay: what a PATCH does not give is left as it is (azure.md §2).
 */
export function manualPolicy(
  { upgradeMode, automaticOsUpgrade }: ScaleSetModel,
  former: FormerPolicy | undefined,
): VirtualMachineScaleSetUpdate {
  return policyPatch({
    ...(former?.upgradeMode && upgradeMode !== 'Manual' && { mode: 'Manual' }),
    ...(former?.osUpgrades && automaticOsUpgrade && osUpgrades(false)),
  });
}

/** Gives it back. */
export const formerPolicy = (former: FormerPolicy): VirtualMachineScaleSetUpdate =>
  policyPatch({
    ...(former.upgradeMode && { mode: former.upgradeMode }),
    ...(former.osUpgrades && osUpgrades(true)),
  });

type Policy = NonNullable<VirtualMachineScaleSetUpdate['upgradePolicy']>;

const osUpgrades = (enableAutomaticOSUpgrade: boolean): Policy => ({
  automaticOSUpgradePolicy: { enableAutomaticOSUpgrade },
});

const policyPatch = (upgradePolicy: Policy): VirtualMachineScaleSetUpdate =>
  Object.keys(upgradePolicy).length > 0 ? { upgradePolicy } : {};
