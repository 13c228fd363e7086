import { settle } from '../azure/index.ts';
import { instancesOf } from './fleet-guard.ts';
import type { Shop } from './shop.ts';

/** As somebody has protected them before anything begins. */
export function protect({ world, set }: Shop, ids: readonly string[], isProtected = true): void {
  for (const instance of instancesOf(world, set))
    if (ids.includes(instance.instanceId))
      instance.protection = { protectFromScaleIn: true, protectFromScaleSetActions: isProtected };
}

/** `0 2`: ids of nodes that are protected from actions of the set. */
export function protectedNodes({ world, set }: Shop): string {
  settle(world);
  const ids = instancesOf(world, set).filter(({ protection }) => protection.protectFromScaleSetActions);
  return ids.map(({ instanceId }) => instanceId).join(' ');
}
