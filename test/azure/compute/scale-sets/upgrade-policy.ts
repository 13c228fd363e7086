import { durationMs } from '../../core/duration.ts';
import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, number, object, text } from '../../core/json.ts';
import { later, type World } from '../../core/world.ts';
import type { MachineProblem } from '../../machines/machines.ts';
import { gather } from '../instances/life.ts';
import { hasLatestModel, upgradeInstance } from '../instances/upgrade.ts';
import { instancesOf } from '../lookup.ts';
import type { Instance, RollingUpgrade, ScaleSet } from '../state.ts';

type Ended = (problems: readonly MachineProblem[]) => void;

/** After a write: `Manual` leaves instances alone, `Automatic` takes all at once, `Rolling` batch by batch (azure.md §2, §11). */
export function rollByPolicy(world: World, set: ScaleSet, ended: Ended): void {
  const stale = instancesOf(world, set).filter(
    (instance) =>
      !hasLatestModel(world, set, instance) &&
      instance.provisioningState !== 'Deleting' &&
      !instance.protection.protectFromScaleSetActions,
  );
  const mode = text(at(set.properties, 'upgradePolicy', 'mode'));
  if (mode === 'Automatic') upgradeAll(world, set, stale, ended);
  else if (mode === 'Rolling' && stale.length > 0) roll(world, set, stale, ended);
  else ended([]);
}

function upgradeAll(world: World, set: ScaleSet, instances: readonly Instance[], ended: Ended): void {
  const done = gather(instances.length, ended);
  for (const instance of instances) upgradeInstance(world, set, instance, done);
}

/** Batches of `maxBatchInstancePercent`, a pause after each; too many sick upgraded ones fault it (azure.md §11). */
function roll(world: World, set: ScaleSet, stale: readonly Instance[], ended: Ended): void {
  const policy = object(at(set.properties, 'upgradePolicy', 'rollingUpgradePolicy'));
  const size = Math.max(1, Math.floor((set.sku.capacity * percent(policy, 'maxBatchInstancePercent')) / 100));
  const progress: RollingUpgrade = {
    startedAt: world.clock.now(),
    code: 'RollingForward',
    pending: stale.length,
    inProgress: 0,
    successful: 0,
    failed: 0,
  };
  set.lastRollingUpgrade = progress;
  nextBatch(world, { set, policy, size, progress, ended }, stale);
}

interface Roll {
  readonly set: ScaleSet;
  readonly policy: Json;
  readonly size: number;
  readonly progress: RollingUpgrade;
  readonly ended: Ended;
}

function nextBatch(world: World, upgrade: Roll, left: readonly Instance[]): void {
  const { progress, ended, size, set, policy } = upgrade;
  if (left.length === 0) {
    progress.code = 'Completed';
    ended([]);
    return;
  }
  const batch = left.slice(0, size);
  progress.pending -= batch.length;
  progress.inProgress = batch.length;
  const afterwards = () => {
    judge(world, upgrade, batch);
    if (progress.code === 'Faulted') ended([faulted(set)]);
    else nextBatch(world, upgrade, left.slice(size));
  };
  const settled = () =>
    whenSettled(world, batch, world.clock.now() + patienceMs, () => later(world, pauseMs(policy), afterwards));
  upgradeAll(world, set, batch, settled);
}

const patienceMs = 600_000;
const lookMs = 5_000;

/** A rolling upgrade waits while instances are Initializing (azure.md §8), ten minutes at most. */
function whenSettled(world: World, batch: readonly Instance[], deadline: number, go: () => void): void {
  const waiting = batch.some(({ id }) => world.machines.health(keyOf(id))?.state === 'initializing');
  if (!waiting || world.clock.now() >= deadline) go();
  else later(world, lookMs, () => whenSettled(world, batch, deadline, go));
}

function judge(world: World, { progress, policy, set }: Roll, batch: readonly Instance[]): void {
  const sick = batch.filter((instance) => isSick(world, instance)).length;
  progress.inProgress = 0;
  progress.failed += sick;
  progress.successful += batch.length - sick;
  const limit = (set.sku.capacity * percent(policy, 'maxUnhealthyUpgradedInstancePercent')) / 100;
  if (progress.failed > limit) progress.code = 'Faulted';
}

const isSick = (world: World, instance: Instance) =>
  instance.provisioningState === 'Failed' ||
  (world.machines.health(keyOf(instance.id))?.state ?? 'healthy') !== 'healthy';

const percent = (policy: Json, member: string) => number(policy[member]) ?? 20;

const faulted = (set: ScaleSet): MachineProblem => ({
  code: 'MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade',
  message: `Rolling Upgrade failed after exceeding the MaxUnhealthyUpgradedInstancePercent value defined in the RollingUpgradePolicy of VM Scale Set '${set.name}'.`,
});

const pauseMs = (policy: Json) => durationMs(policy['pauseTimeBetweenBatches']) ?? 0;
