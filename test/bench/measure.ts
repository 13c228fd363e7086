import { lowerBound } from './bound.ts';
import { type Concurrency, concurrencies, type Size, type SizeName, sizes, zones } from './cases.ts';
import { nodeTimes } from './draws.ts';
import { type ModelRun, playOnModel } from './play-model.ts';
import { batchesWithBarrier, idealWindow, zoneByZone } from './shapes.ts';

/** How long one draw of node times takes by each schedule, in milliseconds. */
export interface Measured {
  readonly bound: number;
  readonly ideal: number;
  readonly barrier: number;
  readonly zoned: number;
  /** Azure's own default: a fifth of the set at once, so it has a bound of its own. */
  readonly azure: number;
  readonly azureBound: number;
  readonly engine: Readonly<Record<Concurrency, ModelRun>>;
}

/** The share of the set in one batch where nobody has set maxBatchInstancePercent. */
const azureShare = 0.2;

export async function measure(name: SizeName, seed: number): Promise<Measured> {
  const size: Size = sizes[name];
  const times = nodeTimes(seed, size.nodes);
  const azureBatch = Math.ceil(azureShare * size.nodes);
  const engine: Partial<Record<Concurrency, ModelRun>> = {};
  for (const concurrency of concurrencies) engine[concurrency] = await playOnModel(times, size, concurrency);
  return {
    bound: lowerBound(times, size.slots),
    ideal: idealWindow(times, size.slots),
    barrier: batchesWithBarrier(times, size.slots),
    zoned: zoneByZone(times, size.slots, zones.length),
    azure: zoneByZone(times, azureBatch, zones.length),
    azureBound: lowerBound(times, azureBatch),
    engine: engine as Measured['engine'],
  };
}
