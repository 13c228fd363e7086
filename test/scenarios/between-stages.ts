import { keyOf } from '../azure/core/ids.ts';
import { playFast } from '../support/fast-play.ts';
import { instancesOf } from '../support/fleet-guard.ts';
import type { Shop } from '../support/shop.ts';

/** What can become of a canary while an approval is waited for: scale-in takes it, or a repair makes a new node of it. */
export type Loss = 'leaves' | 'isReplaced';

/** One that runs the target, and may be taken. */
export const aCanary = (shop: Shop, target: string) =>
  instancesOf(shop.world, shop.set).find(
    ({ image, protection, provisioningState }) =>
      image.reference['id'] === target && !protection.protectFromScaleSetActions && provisioningState === 'Succeeded',
  );

/** Lets the set lose a canary, by Azure's own calls; what Azure refuses does not happen. */
export async function loseCanary(shop: Shop, target: string, loss: Loss): Promise<void> {
  const canary = aCanary(shop, target);
  const { capacity } = shop.set.sku;
  if (!canary || capacity < 2) return;
  const sets = shop.tools().azure.compute.virtualMachineScaleSets;
  const lose = async () => {
    await sets.deleteInstances('web', 'shop', { instanceIds: [canary.instanceId] });
    if (loss === 'isReplaced') await sets.update('web', 'shop', { sku: { name: 'Standard_D2s_v5', capacity } });
  };
  await playFast(
    shop.clock,
    lose().catch(() => {}),
  );
}

export const canaryKey = (shop: Shop, target: string): string | undefined => {
  const canary = aCanary(shop, target);
  return canary && keyOf(canary.id);
};
