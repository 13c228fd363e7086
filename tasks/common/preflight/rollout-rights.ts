import type { Azure } from '../azure/connect.ts';
import type { ScaleSetModel } from '../azure/scale-set.ts';
import type { RolloutOptions } from '../execute/rollout-options.ts';
import type { RolloutRecord } from '../record/record.ts';
import type { Part } from './actions.ts';
import { type Ask, assertUnlocked, type Remark } from './rights.ts';

type Touched = Pick<RolloutOptions, 'set' | 'drain' | 'health' | 'autoscale'>;

const groupOf = ({ subscriptionId }: Azure, { set }: Touched) =>
  `/subscriptions/${subscriptionId}/resourceGroups/${set.resourceGroup}`;

const scopeOf = (azure: Azure, rollout: Touched) =>
  `${groupOf(azure, rollout)}/providers/Microsoft.Compute/virtualMachineScaleSets/${rollout.set.name}`;

/** What a rollout does to the set and its nodes, and what it follows of that. */
export function setAsks(azure: Azure, rollout: Touched): readonly Ask[] {
  const { drain, health } = rollout;
  const parts: readonly Part[] = [
    'scaleSet',
    ...(drain ? (['drain'] as const) : []),
    ...(drain?.undrain === undefined ? [] : (['undrain'] as const)),
    ...(health.kind === 'script' ? (['healthScript'] as const) : []),
    ...(health.kind === 'http' ? (['healthHttp'] as const) : []),
  ];
  return [
    { scope: scopeOf(azure, rollout), parts },
    {
      scope: groupOf(azure, rollout),
      parts: ['operations', ...(rollout.autoscale === 'pause' ? (['autoscale'] as const) : [])],
    },
  ];
}

/** What it does to the set's automatic repairs; only the model tells whether there are any. */
export const repairsAsks = (
  azure: Azure,
  rollout: Touched,
  { automaticRepairs }: Pick<ScaleSetModel, 'automaticRepairs'>,
): readonly Ask[] => (automaticRepairs ? [{ scope: scopeOf(azure, rollout), parts: ['repairs'] }] : []);

/** What gives a node a fresh disk of its own image. */
export const reimageAsk = (azure: Azure, rollout: Touched): Ask => ({
  scope: scopeOf(azure, rollout),
  parts: ['reimage'],
});

/** What it does to the protection of nodes; only the record tells whether it will lift any, or has to give some back. */
export const protectionAsks = (azure: Azure, rollout: Touched, { paused }: RolloutRecord): readonly Ask[] =>
  paused?.protection ? [{ scope: scopeOf(azure, rollout), parts: ['protection'] }] : [];

/** What it reads of the image that nodes are brought to. */
export const imageAsk = (imageId: string): Ask => ({ scope: imageId, parts: ['imageVersion'] });

/** ReadOnly stops every write; CanNotDelete stops only the removal of the run commands that drain or check (azure.md §16). */
export function assertSetUnlocked(azure: Azure, rollout: Touched, remark: Remark): Promise<void> {
  const removes = rollout.drain !== undefined || rollout.health.kind === 'script';
  const stoppedBy = removes ? (['ReadOnly', 'CanNotDelete'] as const) : (['ReadOnly'] as const);
  return assertUnlocked(azure, scopeOf(azure, rollout), stoppedBy, remark);
}
