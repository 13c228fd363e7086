import { type Lifts, liftsOf } from '../../pause/lifts.ts';
import type { Hold } from '../../record/hold.ts';
import { liftedBy } from '../with-lifts.ts';
import type { ImaginedNodes } from './imagined-nodes.ts';
import { read, type Stage } from './imagined-stage.ts';

/** The real lifting of protection, by writes that are only imagined. */
export function imaginedLifts({ plan, clock, calls }: Stage, hold: Hold, nodes: ImaginedNodes): Lifts {
  const list = async () => {
    read(calls, plan.pages);
    return nodes.now();
  };
  return liftsOf({
    write: nodes.protect,
    list,
    clock,
    cancelled: new AbortController().signal,
    remark: () => {},
    ...liftedBy(plan),
    ours: () => hold.ensure(),
    lifting: () => {},
  });
}
