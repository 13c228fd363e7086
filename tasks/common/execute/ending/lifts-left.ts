import { protectionCalls } from '../../azure/protection-calls.ts';
import { type LiftRequest, type Lifts, liftsOf } from '../../pause/lifts.ts';
import type { Tools } from '../rollout-plan.ts';
import { patienceOf } from './close.ts';
import type { Left } from './handover.ts';

/** Nothing is lifted any more: of what the step has lifted, all is given back. */
export const liftsLeft = (left: Left, goal: string, tools: Tools, lifting: LiftRequest['lifting']): Lifts =>
  liftsOf({
    ...protectionCalls(tools.azure, left.set),
    clock: tools.clock,
    cancelled: tools.cancelled,
    remark: (text, about) => tools.observer.remarked(text, about),
    protectedNodes: 'skip',
    frozen: [],
    goal,
    owed: left.lifted,
    owedSince: tools.clock.now(),
    ours: async () => {}, // whoever writes the record has asked
    lifting,
  });

/** Nobody has a rollout whose record is gone, and the agent knows what the step had lifted for it. */
export async function giveBackAlone(left: Left, tools: Tools): Promise<string> {
  const lifts = liftsLeft(left, '', tools, (lifted) => tools.leave({ ...left, lifted }));
  await lifts.end('done', patienceOf(tools));
  return 'the record is gone from the tags, and the protection that the step had lifted is given back';
}
