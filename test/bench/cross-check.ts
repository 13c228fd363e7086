import { type Concurrency, type SizeName, sizes } from './cases.ts';
import { nodeTimes } from './draws.ts';
import { type AzureRun, playOnAzure } from './play-azure.ts';
import { type ModelRun, playOnModel } from './play-model.ts';

/** One draw, played on the model fleet and through the whole simulated Azure with the real SDK. */
export interface CrossCheck {
  readonly name: SizeName;
  readonly concurrency: Concurrency;
  readonly seed: number;
  readonly model: ModelRun;
  readonly azure: AzureRun;
}

export async function crossCheck(name: SizeName, concurrency: Concurrency, seed: number): Promise<CrossCheck> {
  const size = sizes[name];
  const times = nodeTimes(seed, size.nodes);
  const model = await playOnModel(times, size, concurrency);
  return { name, concurrency, seed, model, azure: await playOnAzure(times, size, concurrency) };
}
