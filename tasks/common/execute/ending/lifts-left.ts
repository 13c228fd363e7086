import { protectionCalls } from '../../azure/protection-calls.ts';
import { type LiftRequest, type Lifts, liftsOf } from '../../pause/lifts.ts';
import type { Tools } from '../rollout-plan.ts';
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
