import type { Azure } from '../azure/connect.ts';
import type { RolloutOptions } from '../execute/rollout-options.ts';
import type { Part } from './actions.ts';
import { type Ask, assertUnlocked, type Remark } from './rights.ts';

type Touched = Pick<RolloutOptions, 'set' | 'drain'>;

const scopeOf = ({ subscriptionId }: Azure, { set }: Touched) =>
  `/subscriptions/${subscriptionId}/resourceGroups/${set.resourceGroup}/providers/Microsoft.Compute/virtualMachineScaleSets/${set.name}`;

/** What a rollout does to the set and its nodes. */
export function setAsk(azure: Azure, rollout: Touched): Ask {
  const { drain } = rollout;
  const parts: readonly Part[] = [
    'scaleSet',
    ...(drain ? (['drain'] as const) : []),
    ...(drain?.undrain === undefined ? [] : (['undrain'] as const)),
  ];
  return { scope: scopeOf(azure, rollout), parts };
}

/** What it reads of the image that nodes are brought to. */
export const imageAsk = (imageId: string): Ask => ({ scope: imageId, parts: ['imageVersion'] });

/** ReadOnly stops every write; CanNotDelete stops only the removal of the run commands that drain (azure.md §16). */
export function assertSetUnlocked(azure: Azure, rollout: Touched, remark: Remark): Promise<void> {
  const stoppedBy = rollout.drain ? (['ReadOnly', 'CanNotDelete'] as const) : (['ReadOnly'] as const);
  return assertUnlocked(azure, scopeOf(azure, rollout), stoppedBy, remark);
}
