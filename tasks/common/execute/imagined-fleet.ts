import { goalOf } from '../record/record.ts';
import { imaginedNode } from '../rollout/imagined.ts';
import type { Fleet } from './fleet.ts';
import { imaginedJudge } from './imagined-judge.ts';
import { read, type Stage } from './imagined-stage.ts';
import { type Means, prepare } from './means.ts';

/** Nodes that behave as expected: each has its disk and is well after the times of the stage. */
export function imaginedFleet(stage: Stage, means: Pick<Means, 'hold' | 'pauses'>): Fleet {
  const { plan, times, clock, calls } = stage;
  const { hold } = means;
  const replacedAt = new Map<string, number>();
  const goal = goalOf(plan.record);
  const since = clock.now();
  let open: readonly number[] = [];
  const isWell = (id: string) =>
    clock.now() - (replacedAt.get(id) ?? Number.NEGATIVE_INFINITY) >= times.diskMs + times.healthyMs;
  const judge = imaginedJudge(stage, isWell);
  return {
    close: () => judge.close(),
    hold: () => prepare(means),
    aim: () => hold.aim(),
    pass: (passed) => hold.pass(passed),
    async startReplacement(nodeIds, by) {
      if (by === 'upgrade') calls.upgrades += 1;
      else calls.reimages = (calls.reimages ?? 0) + 1;
      for (const id of nodeIds) replacedAt.set(id, clock.now());
      open = [...open, clock.now()];
      return 'accepted';
    },
    async look() {
      const now = clock.now();
      const stillOpen = open.filter((startedAt) => now - startedAt < times.diskMs);
      read(calls, plan.pages + open.length); // each open call is asked how far it is
      read(calls, open.length - stillOpen.length); // and once more, by the SDK, when it has ended
      if (plan.health.kind === 'http') read(calls, 1); // the list of their addresses
      open = stillOpen;
      const nodes = plan.before.flatMap(
        (node) => imaginedNode(node, replacedAt.get(node.id), goal, times, { since, now }) ?? [],
      );
      return { nodes: await judge.judge(nodes), problems: new Map(), pages: plan.pages };
    },
  };
}
