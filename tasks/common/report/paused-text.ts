import type { Paused } from '../record/record.ts';
import { type Lifts, plannedLifts } from './lifts-text.ts';

type FormerPolicy = Pick<Paused, 'upgradeMode' | 'osUpgrades'>;

/** `the upgrade policy is Rolling again`. */
export const policyIs = ({ upgradeMode, osUpgrades }: FormerPolicy): string =>
  `${[
    ...(upgradeMode ? [`the upgrade policy is ${upgradeMode}`] : []),
    ...(osUpgrades ? ['automatic OS upgrades are on'] : []),
  ].join(' and ')} again`;

/** What stays as we have switched it, what it was, and why. */
export const policyStays = (paused: FormerPolicy, why: string): string =>
  `${[
    ...(paused.upgradeMode ? [`the upgrade policy stays Manual (it was ${paused.upgradeMode})`] : []),
    ...(paused.osUpgrades ? ['automatic OS upgrades stay off (they were on)'] : []),
  ].join(', ')}: ${why}`;

/** What a plan would pause; empty when there is nothing. */
export function wouldPause({ repairs, autoscale, upgradeMode, osUpgrades }: Paused, lifts: Lifts): string {
  const parts = [
    ...(repairs ? ['suspend automatic repairs'] : []),
    ...(autoscale !== undefined ? [`hold the number of nodes in autoscale setting ${autoscale}`] : []),
    ...(upgradeMode ? [`switch the upgrade policy from ${upgradeMode} to Manual`] : []),
    ...(osUpgrades ? ['switch automatic OS upgrades off'] : []),
  ];
  const lifted = plannedLifts(lifts);
  if (parts.length === 0) return lifted.join(' ');
  const policy =
    upgradeMode || osUpgrades ? ', the upgrade policy only once every node runs one image and one model' : '';
  return [
    `Before the first node it would ${parts.join(', ')}. When it ends that is put back${policy}.`,
    ...lifted,
  ].join(' ');
}

/** What a task has left paused, with what to do about it; empty when all is as it was. */
export function notAsFound({ repairs, autoscale, upgradeMode, osUpgrades, protection }: Paused, set: string): string {
  return [
    ...(repairs
      ? [
          `automatic repairs are suspended (az vmss set-orchestration-service-state --service-name AutomaticRepairs --action Resume --name ${set} --resource-group <group>)`,
        ]
      : []),
    ...(autoscale !== undefined
      ? [`autoscale setting ${autoscale} holds the number of nodes by its profile phoenix-pause`]
      : []),
    ...(upgradeMode ? [`the upgrade policy is Manual and was ${upgradeMode}`] : []),
    ...(osUpgrades ? ['automatic OS upgrades are off and were on'] : []),
    ...(protection
      ? [
          `instances ${protection.join(', ')} may be without protection from actions of the set (az vmss update --protect-from-scale-set-actions true --instance-id <id> --name ${set} --resource-group <group>)`,
        ]
      : []),
  ].join('; ');
}

/** The same for a summary: the record remembers it. */
export function leftPaused(paused: Paused, set: string): string {
  const left = notAsFound(paused, set);
  return left === '' ? '' : `Not as it was found: ${left}. The next run of a rollout task puts it back when it can.`;
}

/** What the tags of a record mean that only a person can read any more. */
export const meaningOfPausedTags =
  'phoenix-paused-repairs: automatic repairs may be suspended and ran; phoenix-paused-autoscale: the autoscale setting that may hold the number of nodes by its profile phoenix-pause; phoenix-former-mode and phoenix-former-os-upgrades: what the upgrade policy was; phoenix-lifted-protection: instances that may be without protection from actions of the set';
