import type { Lifts } from '../../pause/lifts.ts';
import type { Pauses } from '../../pause/pauses.ts';
import { goalOf } from '../../record/record.ts';
import type { Stage } from './imagined-stage.ts';

/** The same as `pausesOf` does when all that it pauses was running. */
export function imaginedPauses({ plan, times, clock, calls }: Stage, lifts: Lifts): Pauses {
  const { repairs, autoscale, protection: _frozen, ...policy } = plan.record.paused ?? {};
  let begun = false;
  let open = false;
  async function switchRepairs(): Promise<void> {
    calls.reads += 4; // how it stands, and its operation is followed to its location
    calls.pauses += 1;
    await clock.sleep(times.writeMs);
  }
  async function writeAutoscale(): Promise<void> {
    calls.reads += 1;
    calls.pauses += 1;
  }
  return {
    async begin() {
      if (begun) return;
      begun = true;
      open = repairs === true || autoscale !== undefined;
      if (repairs) await switchRepairs();
      if (autoscale === undefined) return;
      calls.reads += 2; // the number of nodes, before and after
      await writeAutoscale();
    },
    async end(until, patiently) {
      await lifts.end(until, patiently);
      if (!open) return;
      open = false;
      if (repairs) await switchRepairs();
      if (autoscale !== undefined) await writeAutoscale();
    },
    async lookAtPolicy() {
      calls.reads += 1 + plan.pages + (policy.osUpgrades ? 1 : 0);
      return { back: policy, image: goalOf(plan.record), stays: undefined };
    },
    get isOpen() {
      return open || lifts.open.length > 0;
    },
    get left() {
      return Object.keys(policy).length > 0 ? policy : undefined;
    },
  };
}
