import type { Lifts } from '../../pause/lifts.ts';
import type { Fleet } from '../fleet.ts';
import { type Means, prepare } from '../means.ts';
import { imaginedJudge } from './imagined-judge.ts';
import type { ImaginedNodes } from './imagined-nodes.ts';
import { read, type Stage } from './imagined-stage.ts';

/** Nodes that behave as expected: each has its disk and is well after the times of the stage. */
export function imaginedFleet(
  stage: Stage,
  nodes: ImaginedNodes,
  lifts: Lifts,
  means: Pick<Means, 'hold' | 'pauses'>,
): Fleet {
  const { plan, times, clock, calls } = stage;
  const { hold } = means;
  let open: readonly number[] = [];
  const judge = imaginedJudge(stage, nodes.isWell);
  return {
    close: () => judge.close(),
    hold: () => prepare(means),
    aim: () => hold.aim(),
    pass: (passed) => hold.pass(passed),
    unprotect: (nodeIds) => lifts.before(nodeIds),
    async startReplacement(nodeIds, by) {
      if (by === 'upgrade') calls.upgrades += 1;
      else calls.reimages = (calls.reimages ?? 0) + 1;
      nodes.replace(nodeIds);
      open = [...open, clock.now()];
      return 'accepted';
    },
    gone: async () => [],
    async look() {
      const now = clock.now();
      const stillOpen = open.filter((startedAt) => now - startedAt < times.diskMs);
      read(calls, plan.pages + open.length); // each open call is asked how far it is
      read(calls, open.length - stillOpen.length); // and once more, by the SDK, when it has ended
      if (plan.health.kind === 'http') read(calls, 1); // the list of their addresses
      open = stillOpen;
      const seen = await lifts.seen(await judge.judge(nodes.now()));
      return { nodes: seen, problems: new Map(), pages: plan.pages, headway: lifts.headway };
    },
  };
}
