import { findAutoscale } from '../azure/autoscale.ts';
import type { Azure } from '../azure/connect.ts';
import { readRepairs } from '../azure/repairs.ts';
import type { ScaleSetModel, ScaleSetRef } from '../azure/scale-set.ts';
import { Failure } from '../failure.ts';
import type { Paused, RolloutRecord } from '../record/record.ts';
import { mostProfiles, withoutPin } from './pin.ts';

/** What the author lets us pause or switch beside automatic repairs. */
export interface PauseOptions {
  /** `pause`: autoscale holds the number of nodes while a task is at work. */
  readonly autoscale: 'keep' | 'pause';
  /** `switchToManual`: an upgrade policy that rolls by itself is no reason to refuse. */
  readonly upgradePolicy: 'requireManual' | 'switchToManual';
}

export interface Seen {
  readonly azure: Azure;
  readonly set: ScaleSetRef;
  readonly model: ScaleSetModel;
  /** What it names as paused is not put back yet: then it was running before, however it is found. */
  readonly basis: RolloutRecord | undefined;
  readonly remark: (text: string) => void;
}

/** All that runs now, or ran before an earlier task paused it, and would disturb a rollout. Reads only. */
export async function findPauses(options: PauseOptions, seen: Seen): Promise<Paused | undefined> {
  const former = seen.basis?.paused;
  const { upgradeMode, osUpgrades } = options.upgradePolicy === 'switchToManual' ? policyOf(seen.model) : {};
  const mode = upgradeMode ?? former?.upgradeMode;
  const autoscale = options.autoscale === 'pause' ? await autoscaleOf(seen) : former?.autoscale;
  const paused: Paused = {
    ...((await repairsRun(seen)) && { repairs: true }),
    ...(autoscale !== undefined && { autoscale }),
    ...(mode && { upgradeMode: mode }),
    ...((osUpgrades || former?.osUpgrades) && { osUpgrades: true }),
  };
  return Object.keys(paused).length > 0 ? paused : undefined;
}

const policyOf = ({ upgradeMode, automaticOsUpgrade }: ScaleSetModel): Paused => ({
  ...((upgradeMode === 'Automatic' || upgradeMode === 'Rolling') && { upgradeMode }),
  ...(automaticOsUpgrade && { osUpgrades: true }),
});

async function repairsRun({ azure, set, model, basis, remark }: Seen): Promise<boolean> {
  if (!model.automaticRepairs) return false;
  if (basis?.paused?.repairs) return true;
  const state = await readRepairs(azure, set);
  if (state === 'Suspended') remark('automatic repairs were suspended before we came, and stay so');
  return state === 'Running';
}

async function autoscaleOf({ azure, set, basis, remark }: Seen): Promise<string | undefined> {
  const setting = await findAutoscale(azure, set);
  if (!setting?.enabled) {
    remark(
      setting
        ? `autoscale setting ${setting.name} is off: there is nothing to pause`
        : `no autoscale setting of resource group ${set.resourceGroup} scales ${set.name}: there is nothing to pause`,
    );
    return basis?.paused?.autoscale;
  }
  if (withoutPin(setting.profiles).length < mostProfiles) return setting.name;
  throw new Failure(
    'AutoscaleProfilesFull',
    `Autoscale setting ${setting.name} has ${setting.profiles.length} profiles, and Azure allows ${mostProfiles}: there is no room for the one that would hold the number of nodes`,
    'Remove a profile that is no longer needed, or leave autoscale as it is (autoscale: keep).',
  );
}
