import { readRecord } from '../../../tasks/common/record/codec.ts';
import { addGalleryVersion } from '../../azure/compute/builders.ts';
import { settle } from '../../azure/index.ts';
import { playFast } from '../../support/fast-play.ts';
import { openShop, type Shop } from '../../support/shop.ts';
import { happen } from './events.ts';
import { runTask } from './run-task.ts';
import type { Act, Script } from './script.ts';

/** Tells a story: what the log of each task says, waits left out, and how the fleet is after each act. */
export async function tell({ words, images, acts }: Script): Promise<string> {
  const zones = Array.from({ length: Number(words['zones'] ?? 3) }, (_, index) => String(index + 1));
  const shop = openShop({ set: { capacity: Number(words['nodes'] ?? 4), zones } });
  try {
    for (const image of images) addGalleryVersion(shop.world, image);
    const told: string[] = [];
    for (const [index, act] of acts.entries())
      told.push(`> ${act.line}`, ...(await play(shop, act, index)), picture(shop), '');
    return told.join('\n');
  } finally {
    shop.close();
  }
}

async function play(shop: Shop, act: Act, index: number): Promise<readonly string[]> {
  switch (act.kind) {
    case 'later':
      await shop.pass(act.ms);
      return [];
    case 'happens':
      await playFast(shop.clock, happen(shop, act.event));
      return [];
    case 'task':
      return runTask(shop, act, `1.${index + 1}`);
  }
}

/** `= 1.0.0 2.0.0 1.0.0, 3 serve; the model names 1.0.0; record waiting` */
function picture(shop: Shop): string {
  settle(shop.world);
  const record = readRecord(shop.set.tags);
  return `= ${shop.versions()}, ${shop.serving()} serve; the model names ${shop.modelVersion()}; record ${record?.state ?? 'none'}`;
}
