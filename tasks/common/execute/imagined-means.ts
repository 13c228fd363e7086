import type { Drain } from '../drain/drain.ts';
import { goalOf, type Hold } from '../record/hold.ts';
import type { Calls } from '../report/forecast.ts';
import { imaginedNode, type Times } from '../rollout/imagined.ts';
import { sameImage } from '../rollout/node.ts';
import type { Fleet } from './fleet.ts';
import type { Observer } from './job.ts';
import type { Means } from './means.ts';
import type { RolloutPlan } from './rollout-run.ts';

/** Means that touch nothing: time passes only where it is waited for, nodes behave as expected, and calls are counted. */
export interface ImaginedMeans extends Means {
  readonly calls: Calls;
}

type Tally = { -readonly [Name in keyof Calls]: number };

interface Stage {
  readonly plan: RolloutPlan;
  readonly times: Times;
  readonly clock: Means['clock'];
  readonly calls: Tally;
}

export function imaginedMeans(plan: RolloutPlan, times: Times, startAt: number, observer: Observer): ImaginedMeans {
  const calls = { reads: 0, setWrites: 0, imageWrites: 0, upgrades: 0, drains: 0, drainEnds: 0, undrains: 0 };
  const stage: Stage = { plan, times, clock: clockFrom(startAt), calls };
  const hold = imaginedHold(stage);
  return {
    hold,
    fleet: imaginedFleet(stage, hold),
    ...(plan.drain && { drain: imaginedDrain(stage) }),
    clock: stage.clock,
    cancelled: new AbortController().signal,
    observer,
    calls,
  };
}

function clockFrom(startAt: number): Means['clock'] {
  let now = startAt;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
}

/** The same writes as `holdOn` makes when nobody else is about. */
function imaginedHold({ plan, times, clock, calls }: Stage): Hold {
  let begun = false;
  let image = plan.model.image;
  async function write(to = image): Promise<void> {
    calls.setWrites += 1;
    if (!sameImage(to, image)) calls.imageWrites += 1;
    image = to;
    calls.reads += 2; // its operation is followed, and the set is read again
    await clock.sleep(times.writeMs);
  }
  let aimed = false;
  return {
    get begun() {
      return begun;
    },
    async ensure() {
      calls.reads += 1;
      if (!begun) await write();
      begun = true;
    },
    async pass() {
      calls.reads += 1;
      await write();
    },
    async aim() {
      if (aimed) return;
      calls.reads += 1;
      const goal = goalOf(plan.record);
      if (!sameImage(image, goal)) await write(goal);
      aimed = true;
    },
    async release(ending) {
      if (!begun) return;
      calls.reads += 1;
      await write(ending.modelImage);
    },
  };
}

function imaginedFleet({ plan, times, clock, calls }: Stage, hold: Hold): Fleet {
  const replacedAt = new Map<string, number>();
  const goal = goalOf(plan.record);
  const since = clock.now();
  let open: readonly number[] = [];
  return {
    hold: () => hold.ensure(),
    aim: () => hold.aim(),
    pass: (passed) => hold.pass(passed),
    async startReplacement(nodeIds) {
      calls.upgrades += 1;
      for (const id of nodeIds) replacedAt.set(id, clock.now());
      open = [...open, clock.now()];
      return 'accepted';
    },
    async look() {
      const now = clock.now();
      calls.reads += plan.pages + open.length; // each open call is asked for its outcome
      if (plan.health.kind === 'http') calls.reads += 1; // the list of their addresses
      open = open.filter((startedAt) => now - startedAt < times.diskMs);
      const nodes = plan.before.flatMap(
        (node) => imaginedNode(node, replacedAt.get(node.id), goal, times, { since, now }) ?? [],
      );
      return { nodes, problems: new Map(), pages: plan.pages };
    },
  };
}

/** As `scriptDrain`: the end of a drain is seen at one look and its command removed; at the next the node is drained. */
function imaginedDrain({ times, clock, calls }: Stage): Drain {
  const startedAt = new Map<string, number>();
  const removed = new Set<string>();
  return {
    async start(nodeId) {
      calls.drains += 1;
      startedAt.set(nodeId, clock.now());
    },
    async status(nodeId) {
      calls.reads += 1;
      const since = startedAt.get(nodeId);
      if (since === undefined) return { kind: 'none' };
      if (removed.has(nodeId)) return { kind: 'drained', note: '' };
      if (clock.now() - since < times.drainMs) return { kind: 'running' };
      calls.drainEnds += 1;
      removed.add(nodeId);
      return { kind: 'running' };
    },
    async cancel() {
      calls.drainEnds += 1;
      calls.undrains += 1;
    },
  };
}
