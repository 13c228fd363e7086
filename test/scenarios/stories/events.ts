import { isBusy } from '../../../tasks/common/azure/busy.ts';
import { imagePatch } from '../../../tasks/common/azure/change-scale-set.ts';
import { systemClock } from '../../../tasks/common/clock.ts';
import { removeInstances } from '../../azure/compute/instances/remove.ts';
import type { Instance } from '../../azure/compute/state.ts';
import { keyOf } from '../../azure/core/ids.ts';
import { instancesOf } from '../../support/fleet-guard.ts';
import type { Shop } from '../../support/shop.ts';
import type { Event, Words } from './script.ts';

/** What others can do in a story, each by the calls that they would make, again and again while Azure is busy with the set (409). */
const deeds: Readonly<Record<string, (shop: Shop, words: Words) => unknown>> = {
  /** Autoscale, or a person. */
  scale: (shop, { to }) =>
    setsOf(shop).update('web', 'shop', { sku: { name: 'Standard_D2s_v5', capacity: Number(to) } }),
  delete: (shop, { node }) => setsOf(shop).deleteInstances('web', 'shop', { instanceIds: [idOf(node)] }),
  /** By nobody's call: Azure takes a spot machine back. */
  vanish(shop, { node }) {
    const { world, set } = shop;
    removeInstances(world, [instanceOf(shop, idOf(node))], () => {});
    set.sku = { ...set.sku, capacity: set.sku.capacity - 1 };
  },
  /** The portal's "upgrade all". */
  upgradeAll: (shop) => setsOf(shop).updateInstances('web', 'shop', { instanceIds: ['*'] }),
  reimage: (shop, { node }) => nodesOf(shop).reimage('web', 'shop', idOf(node)),
  /** Terraform or Bicep, which know nothing of our tags. */
  wipeTags: (shop) => setsOf(shop).update('web', 'shop', { tags: { owner: 'terraform' } }),
  writeImage: (shop, { version = '' }) => setsOf(shop).update('web', 'shop', imagePatch(versionId(shop, version))),
  /** By hand, in the days before this extension. */
  async bring(shop, { node, version = '' }) {
    await setsOf(shop).update('web', 'shop', imagePatch(versionId(shop, version)));
    await setsOf(shop).updateInstances('web', 'shop', { instanceIds: [idOf(node)] });
  },
  /** An upgrade passes over a node that is protected, and says that it has succeeded. */
  protect: (shop, { node }) => protect(shop, idOf(node), true),
  unprotect: (shop, { node }) => protect(shop, idOf(node), false),
  /** `lost=applied`: the answer never comes, the call took effect; else an answer in place of the true one. */
  fault: (shop, { on = '', times = '1', lost, status, retryAfter }) =>
    shop.world.faults.add({
      on,
      times: Number(times),
      effect: lost === 'applied' ? 'applied' : 'none',
      ...(status !== undefined && { reply: refusal(Number(status), retryAfter) }),
    }),
  /** Somebody sets the clock of the agent. */
  jump: (shop, { hours }) => shop.clock.setSystemTime(Date.now() + Number(hours) * 3_600_000),
};

export async function happen(shop: Shop, { what, words }: Event): Promise<void> {
  const deed = deeds[what];
  if (!deed) throw new Error(`"${what}" is nothing that happens in stories: ${Object.keys(deeds).join(', ')}`);
  for (let tries = 1; ; tries += 1) {
    try {
      return void (await deed(shop, words));
    } catch (error) {
      if (!isBusy(error) || tries === 60) throw error;
      await systemClock.sleep(5_000);
    }
  }
}

const setsOf = (shop: Shop) => shop.tools().azure.compute.virtualMachineScaleSets;
const nodesOf = (shop: Shop) => shop.tools().azure.compute.virtualMachineScaleSetVMs;
const idOf = (node = '') => node.split('_').at(-1) ?? '';

export const versionId = ({ v1 }: Shop, version: string) => v1.replace(/[^/]+$/, version);

function instanceOf(shop: Shop, id: string): Instance {
  const isIt = (instance: Instance) => keyOf(instance.instanceId) === keyOf(id);
  const instance = instancesOf(shop.world, shop.set).find(isIt);
  if (!instance) throw new Error(`there is no node ${id}`);
  return instance;
}

function protect(shop: Shop, id: string, protectFromScaleSetActions: boolean): void {
  instanceOf(shop, id).protection = { protectFromScaleIn: protectFromScaleSetActions, protectFromScaleSetActions };
}

const refusal = (status: number, retryAfter: string | undefined) => ({
  status,
  headers: retryAfter === undefined ? {} : { 'Retry-After': retryAfter },
  body: { error: { code: status === 429 ? 'TooManyRequests' : 'ServiceUnavailable', message: 'Not now.' } },
});
