import type { Fault } from '../../azure/core/faults.ts';
import { addAutoscaleEvents, addAutoscaleSetting } from '../../azure/index.ts';
import type { Shop } from '../../support/shop.ts';
import type { WorldEvent, WorldPlan } from './draw.ts';

const throttled = {
  status: 429,
  headers: { 'Retry-After': '20' },
  body: { error: { code: 'OperationNotAllowed', message: 'The server rejected the request: too many requests.' } },
};
const unwell = { status: 503, body: { error: { code: 'ServiceUnavailable', message: 'The service is unavailable.' } } };

const faults: Partial<Record<WorldEvent['what'], Fault>> = {
  throttledList: { on: 'GET /virtualMachines', times: 2, effect: 'none', reply: throttled },
  failingReads: { on: 'GET /shop', times: 3, effect: 'none', reply: unwell },
  lostUpgrade: { on: 'POST /manualupgrade', times: 1, effect: 'applied' },
  lostWrite: { on: 'PATCH /shop', times: 1, effect: 'applied' },
  lostDrain: { on: 'PUT …/phoenix-drain-00000001-…', times: 1, effect: 'applied' },
};

/** In such a time Azure takes no write, or answers nothing at all; what it does not answer has no effect. */
function failFor(shop: Shop, outages: WorldPlan['outages']): void {
  const { faults } = shop.world;
  const next = faults.next.bind(faults);
  const begunAt = Date.now();
  faults.next = (call) => {
    const at = Date.now() - begunAt;
    const isOut = outages.some(
      ({ atMs, lastsMs, writesOnly }) => at >= atMs && at < atMs + lastsMs && (!writesOnly || call.method !== 'GET'),
    );
    if (!isOut || !call.url.hostname.startsWith('management.')) return next(call);
    return { on: '', times: 1, effect: 'none', reply: call.method === 'GET' ? unwell : throttled };
  };
}

function scaleByLoad(
  shop: Shop,
  { nodes, autoscale, demands }: Pick<WorldPlan, 'nodes' | 'autoscale' | 'demands'>,
): void {
  if (autoscale === 'none') return;
  const { id } = addAutoscaleSetting(shop.world, { set: shop.set, minimum: 1, maximum: nodes + 3 });
  addAutoscaleEvents(shop.world, id, demands);
}

/** Lets things happen at their times, as people, autoscale and a bad network would. What Azure refuses is not tried again. */
export function happen(shop: Shop, { events, outages, driftAtMs, ...plan }: WorldPlan): void {
  failFor(shop, outages);
  scaleByLoad(shop, plan);
  const { compute } = shop.tools().azure;
  const sets = compute.virtualMachineScaleSets;
  const scale = async (by: number) => {
    const capacity = Math.max(1, shop.set.sku.capacity + by);
    if (capacity === shop.set.sku.capacity) return;
    await sets.update('web', 'shop', { sku: { name: 'Standard_D2s_v5', capacity } });
  };
  const tag = async () => {
    const { etag, tags } = await sets.get('web', 'shop');
    await sets.update('web', 'shop', { tags: { ...tags, team: 'blue' } }, etag === undefined ? {} : { ifMatch: etag });
  };
  const change = () => sets.update('web', 'shop', { virtualMachineProfile: { licenseType: 'RHEL_BYOS' } });
  const acts: Partial<Record<WorldEvent['what'], () => Promise<void>>> = {
    scaleOut: () => scale(1),
    scaleIn: () => scale(-1),
    tagWriter: tag,
  };
  if (driftAtMs !== undefined) setTimeout(() => change().catch(() => {}), driftAtMs);
  for (const { atMs, what } of events)
    setTimeout(() => {
      const fault = faults[what];
      if (fault) shop.world.faults.add(fault);
      acts[what]?.().catch(() => {});
    }, atMs);
}
