import type { Hold } from '../../record/hold.ts';
import { goalOf } from '../../record/record.ts';
import { sameImage } from '../../rollout/node.ts';
import { read, type Stage } from './imagined-stage.ts';

/** The same writes as `holdOn` makes when nobody else is about. */
export function imaginedHold({ plan, times, clock, calls }: Stage): Hold {
  let begun = false;
  let image = plan.model.image;
  async function write(to = image): Promise<void> {
    calls.setWrites += 1;
    if (!sameImage(to, image)) calls.imageWrites += 1;
    image = to;
    read(calls, 4); // its operation is asked twice, the set is read by the SDK and by us
    await clock.sleep(times.writeMs);
  }
  let aimed = false;
  return {
    get begun() {
      return begun;
    },
    get image() {
      return image;
    },
    async ensure() {
      read(calls, 1);
      if (!begun) await write();
      begun = true;
    },
    async pass() {
      read(calls, 2); // is it still ours, and how are the tags?
      await write();
    },
    async aim() {
      if (aimed) return;
      read(calls, 1);
      const goal = goalOf(plan.record);
      if (!sameImage(image, goal)) await write(goal);
      aimed = true;
    },
    async pointBack(to) {
      calls.reads += 1;
      await write(to);
    },
    async release(ending) {
      if (!begun) return;
      read(calls, 1);
      await write(ending.modelImage);
    },
    async giveBack() {
      calls.reads += 1;
      await write();
    },
  };
}
