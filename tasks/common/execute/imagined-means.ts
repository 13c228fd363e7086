import type { CommandStatus } from '../azure/run-command.ts';
import type { Drain } from '../drain/drain.ts';
import type { Judge } from '../health/judge.ts';
import { scriptJudge } from '../health/script-judge.ts';
import type { Hold } from '../record/hold.ts';
import { goalOf } from '../record/record.ts';
import type { Calls } from '../report/forecast.ts';
import type { FiredAlert } from '../rollout/alerts.ts';
import { imaginedNode, type Times } from '../rollout/imagined.ts';
import { sameImage } from '../rollout/node.ts';
import { watchAlerts } from './alert-watch.ts';
import type { Fleet } from './fleet.ts';
import { imaginedPauses } from './imagined-pauses.ts';
import type { Observer } from './job.ts';
import { type Means, prepare } from './means.ts';
import type { RolloutPlan } from './rollout-plan.ts';

/** Means that touch nothing: time passes only where it is waited for, nodes behave as expected, and calls are counted. */
export interface ImaginedMeans extends Means {
  readonly calls: Calls;
}

export type Tally = { -readonly [Name in keyof Calls]: number };

export interface Stage {
  readonly plan: RolloutPlan;
  readonly times: Times;
  readonly clock: Means['clock'];
  readonly calls: Tally;
}

export function imaginedMeans(plan: RolloutPlan, times: Times, startAt: number, observer: Observer): ImaginedMeans {
  const calls: Tally = {
    reads: 0,
    setWrites: 0,
    imageWrites: 0,
    upgrades: 0,
    drains: 0,
    drainEnds: 0,
    undrains: 0,
    pauses: 0,
  };
  const stage: Stage = { plan, times, clock: clockFrom(startAt), calls };
  const hold = imaginedHold(stage);
  const pauses = imaginedPauses(stage);
  return {
    hold,
    pauses,
    fleet: imaginedFleet(stage, { hold, pauses }),
    ...(plan.drain && { drain: imaginedDrain(stage) }),
    ...(plan.watched && { alerts: watchAlerts(() => imaginedReading(stage, plan.watched), stage.clock) }),
    clock: stage.clock,
    cancelled: new AbortController().signal,
    observer,
    calls,
  };
}

/** What is read before the first write is the same in a run that has nothing to do: it is not counted. */
function read(calls: Tally, many: number): void {
  if (calls.setWrites > 0) calls.reads += many;
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

/** One list for each subscription that rules are in; they say what they said when the plan was made. */
async function imaginedReading({ calls }: Stage, watched: RolloutPlan['watched']): Promise<readonly FiredAlert[]> {
  read(calls, new Set(watched?.rules.map(({ subscription }) => subscription)).size);
  return watched?.fired ?? [];
}

/** The same writes as `holdOn` makes when nobody else is about. */
function imaginedHold({ plan, times, clock, calls }: Stage): Hold {
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

function imaginedFleet(stage: Stage, means: Pick<Means, 'hold' | 'pauses'>): Fleet {
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
    async startReplacement(nodeIds) {
      calls.upgrades += 1;
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

/** How long an imagined health script runs. */
const checkMs = 5_000;

/** The real judge of the author's script, on commands that are only imagined; nodes are as healthy as they are imagined. */
function imaginedJudge({ plan, clock, calls }: Stage, isWell: (nodeId: string) => boolean): Judge {
  if (plan.health.kind !== 'script') return { judge: async (nodes) => nodes, close: async () => {} };
  const startedAt = new Map<string, number>();
  calls.checks = 0;
  calls.checkEnds = 0;
  const commands = {
    async put(nodeId: string) {
      calls.checks = (calls.checks ?? 0) + 1;
      startedAt.set(nodeId, clock.now());
    },
    async read(nodeId: string): Promise<CommandStatus> {
      read(calls, 1);
      const since = startedAt.get(nodeId);
      if (since === undefined) return { kind: 'none' };
      if (clock.now() - since < checkMs) return { kind: 'running' };
      return {
        kind: 'ended',
        exitCode: isWell(nodeId) ? 0 : 1,
        state: isWell(nodeId) ? 'Succeeded' : 'Failed',
        output: '',
      };
    },
    async remove(nodeId: string) {
      calls.checkEnds = (calls.checkEnds ?? 0) + 1;
      startedAt.delete(nodeId);
    },
  };
  const { rolloutId } = plan.record;
  const { minReadyMs } = plan.limits;
  const bench = {
    commands,
    rolloutId,
    target: goalOf(plan.record),
    clock,
    minReadyMs,
    sweeps: false,
    remark: () => {},
  };
  return scriptJudge(plan.health.script, bench);
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
      read(calls, 1);
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
