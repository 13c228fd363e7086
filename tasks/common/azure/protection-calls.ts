import type { Azure } from './connect.ts';
import { writeProtection } from './protection.ts';
import type { ScaleSetRef } from './scale-set.ts';
import { listNodes } from './uniform-fleet.ts';

/** How protection is written and seen in Azure. */
export const protectionCalls = (azure: Azure, set: ScaleSetRef) => ({
  write: (nodeId: string, isProtected: boolean) => writeProtection(azure, set, nodeId, isProtected),
  list: async () => (await listNodes(azure, set)).nodes,
});
