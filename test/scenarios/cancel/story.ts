import assert from 'node:assert/strict';
import { beforeTheKill } from '../../../tasks/common/execute/ending/before-the-kill.ts';
import { putBackLeft } from '../../../tasks/common/execute/ending/put-back-left.ts';
import type { RolloutResult } from '../../../tasks/common/execute/rollout-plan.ts';
import { Failure } from '../../../tasks/common/failure.ts';
import { readRecord } from '../../../tasks/common/record/codec.ts';
import { rollBack } from '../../../tasks/RollbackScaleSet/roll-back.ts';
import { upgradeNodes } from '../../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { Call } from '../../azure/core/http.ts';
import type { Settings } from '../../azure/core/settings.ts';
import { requireInstalled } from '../../azure/play.ts';
import { playFast } from '../../support/fast-play.ts';
import type { Process, ProcessTools } from '../../support/rehearsal.ts';
import { drain, openShop, type Shop } from '../../support/shop.ts';
import { request } from '../../UpgradeScaleSetNodes/upgrade-request.ts';
import { isUpgrade } from '../invariants/invariants.ts';
import { commandIn, photographer } from '../invariants/picture.ts';
import { watchInvariants } from '../invariants/watch.ts';

/** What a run is doing when it is cancelled: a call that it has just made, or a line that it has printed. */
export interface Phase {
  readonly name: string;
  readonly task: keyof typeof tasks;
  readonly begins: { readonly call: (call: Call) => boolean } | { readonly line: RegExp };
  /** Nothing is written before this phase. */
  readonly untouched?: true;
  /** Azure is at work with nodes, so it may refuse a write of the set. */
  readonly works?: true;
  /** All is done, and the task says so: it ends as it would have. */
  readonly over?: true;
}

/**
 * `hears`: Azure answers as before. `silent`: no answer comes any more, so that nothing can be put back. `killed`: no signal,
 * the process is gone.
 */
export type Manner = 'hears' | 'silent' | 'killed';

export interface Told {
  /** From the signal to the end of the main step; nothing where it was killed. */
  readonly tookMs: number;
  readonly afterMain: State;
  readonly afterPostJob: State;
  readonly end: object;
  /** Calls that the post-job step made. */
  readonly postJobCalls: number;
  /** From where it was cancelled, or began, to its end. */
  readonly postJobMs: number;
}

export interface State {
  readonly record: string | undefined;
  readonly model: string | undefined;
  readonly serving: number;
}

const machines = { reimageMs: 26_000, healthyAfterMs: 6_000 };
const limits = { maxFailedNodes: 0, minReadyMs: 10_000, nodeHealthTimeoutMs: 120_000, progressDeadlineMs: 600_000 };
const two = { kind: 'count', count: 2, text: '2' } as const;
const options = { drain, limits, maxUnavailable: two };

type Run = (shop: Shop, tools: ProcessTools) => Promise<RolloutResult>;

/** A canary of four nodes with a checkpoint at two, a bad image that is taken back, and a way back from half a set. */
const tasks = {
  upgrade: ((shop, tools) => upgradeNodes(canaryOf(shop), tools)) as Run,
  takeBack: ((shop, tools) => upgradeNodes(request(shop.v3, { ...options, onFailure: 'rollback' }), tools)) as Run,
  rollBack: ((shop, tools) => {
    const { nodes: _n, target: _t, checkpoints: _c, bakeMs: _b, onFailure: _f, plan: _p, ...rest } = canaryOf(shop);
    return rollBack({ ...rest, to: undefined }, tools);
  }) as Run,
} as const;

const canaryOf = (shop: Shop) =>
  request(shop.v2, {
    ...options,
    nodes: { kind: 'count', count: 4, text: '4' },
    checkpoints: [two],
    bakeMs: 30_000,
  });

/** Where the post-job step is cut off itself: killed, or cancelled, as it makes this call. */
export type PostJobCut = { readonly atCall: number } & ({ readonly applied: boolean } | { readonly cancelled: true });

export interface Cut {
  readonly phase: Phase;
  readonly manner: Manner;
  readonly postJob?: PostJobCut;
}

/** A whole story: perhaps cut off in one phase, then the post-job step, then the next run. */
export async function tell(task: Phase['task'], settings: Partial<Settings>, cut?: Cut): Promise<Told> {
  const shop = openShop({ settings, set: { capacity: 6 }, machines });
  try {
    return await tellIn(shop, task, cut);
  } finally {
    shop.close();
  }
}

async function tellIn(shop: Shop, task: Phase['task'], cut: Cut | undefined): Promise<Told> {
  const run = tasks[task];
  let attempt = 1;
  const process = (more: Process = {}) => shop.tools({ ...more, attempt: `1.${attempt}` });
  if (task === 'rollBack') await playFast(shop.clock, upgradeNodes(canaryOf(shop), process()));
  attempt += 1;
  const requireKept = watch(shop, task, () => `1.${attempt}`);
  if (!cut) {
    await playFast(shop.clock, run(shop, process()));
    await shop.pass(60_000);
    return { ...nothingCut, end: endOf(shop) };
  }
  const { memory, tookMs } = await cutOff(shop, run, process, cut);
  const afterMain = stateOf(shop);
  const { calls: postJobCalls, tookMs: postJobMs } = await afterTheJob(shop, process, memory, cut.postJob);
  await shop.pass(120_000);
  const afterPostJob = stateOf(shop);
  attempt += 1;
  const next = process();
  const { outcome, reason } = (await playFast(shop.clock, run(shop, next))).ending;
  assert.ok(['completed', 'rolledBack'].includes(outcome), `${reason}\n${next.lines.join('\n')}`);
  await shop.pass(60_000);
  requireKept();
  return { tookMs, afterMain, afterPostJob, end: endOf(shop), postJobCalls, postJobMs };
}

const idle: State = { record: undefined, model: undefined, serving: 0 };
const nothingCut = { tookMs: 0, afterMain: idle, afterPostJob: idle, postJobCalls: 0, postJobMs: 0 };

/** Plays the main step until the phase begins, and then to its end. */
async function cutOff(shop: Shop, run: Run, process: (more?: Process) => ProcessTools, { phase, manner }: Cut) {
  const cancel = new AbortController();
  const tools = process({ cancelled: cancel.signal });
  let [at, gone] = [0, () => {}];
  const killed = new Promise<void>((resolve) => {
    gone = resolve;
  });
  shop.world.observers.push((call) => {
    const { begins } = phase;
    const is = 'call' in begins ? begins.call(call) : tools.lines.some((line) => begins.line.test(line));
    if (!is || at > 0) return;
    at = Date.now();
    if (manner !== 'hears') tools.end();
    if (manner === 'killed') gone();
    else cancel.abort();
  });
  const outcome = await playUntil(shop, Promise.race([outcomeOf(run(shop, tools)), killed]), () => at > 0);
  assert.ok(at > 0, `phase "${phase.name}" was never there:\n${tools.lines.join('\n')}`);
  assert.match(outcome ?? 'cancelled', phase.over ? /./ : /^cancelled$/i, tools.lines.join('\n'));
  const tookMs = Date.now() - at;
  tools.end(); // the process has ended: what it still waited for is nobody's
  return { tookMs, memory: tools.memory };
}

/** From timer to timer, and in small steps once it is cut off: how long it takes then is what is asked. */
async function playUntil<Result>(shop: Shop, work: Promise<Result>, isCut: () => boolean): Promise<Result> {
  let ended = false;
  const watched = work.finally(() => {
    ended = true;
  });
  watched.catch(() => {});
  while (!ended) {
    requireInstalled(shop.clock);
    await shop.clock.tickAsync(isCut() ? 20 : 0); // what can happen now happens before time moves
    if (!ended && !isCut()) await shop.clock.nextAsync();
  }
  return watched;
}

const outcomeOf = (run: Promise<RolloutResult>): Promise<string | undefined> =>
  run.then(
    ({ ending }) => ending.outcome,
    (error: { code?: string }) => error.code,
  );

/** The post-job step, with what the main step has left; perhaps cut off itself. */
async function afterTheJob(
  shop: Shop,
  process: (more?: Process) => ProcessTools,
  memory: ProcessTools['memory'],
  cut: PostJobCut | undefined,
): Promise<{ readonly calls: number; readonly tookMs: number }> {
  const { left } = memory;
  if (!left) return { calls: 0, tookMs: 0 };
  const cancel = new AbortController();
  const dies = cut && 'applied' in cut ? { dies: cut } : {};
  const tools = process({ memory, cancelled: cancel.signal, ...dies });
  let at = Date.now();
  shop.world.observers.push(() => {
    if (!cut || 'applied' in cut || tools.calls() !== cut.atCall || cancel.signal.aborted) return;
    at = Date.now();
    cancel.abort();
  });
  const work = beforeTheKill(putBackLeft(left, tools), tools).then(
    () => {},
    (error: unknown) => assert.ok(error instanceof Failure && cancel.signal.aborted, String((error as Error).stack)),
  );
  await playUntil(shop, Promise.race([work, tools.died]), () => cancel.signal.aborted);
  const tookMs = Date.now() - at;
  tools.end();
  return { calls: tools.calls(), tookMs };
}

function watch(shop: Shop, task: Phase['task'], attempt: () => string): () => void {
  const look = photographer(shop.world, shop.set);
  let undrained: string | undefined;
  shop.world.observers.push(({ method, url, body }) => {
    if (method !== 'POST' || !url.pathname.endsWith('/runCommand') || !body.includes('cancel')) return;
    const [, id] = /virtualMachines\/([^/]+)\/runCommand$/.exec(url.pathname) ?? [];
    if (look().nodes.some((node) => node.id === id && node.busy))
      undrained ??= `node ${id} was put back while it was replaced`;
  });
  const kept = watchInvariants(shop.world, shop.set, {
    maxUnavailable: () => 2,
    target: task === 'takeBack' ? shop.v3 : shop.v2,
    stable: shop.v1,
    neverHealthy: task === 'takeBack',
    drains: true,
    wanted: () => (task === 'takeBack' ? 'all' : 4),
    attempt,
    lostToOthers: () => 0,
  });
  return () => {
    kept();
    assert.equal(undrained, undefined);
  };
}

const stateOf = (shop: Shop): State => ({
  record: readRecord(shop.set.tags)?.state,
  model: shop.modelVersion(),
  serving: shop.serving(),
});

/** All that must be as if nothing had been cut off. */
function endOf(shop: Shop): object {
  const { owner: _owner, rolloutId: _id, sick: _sick, ...record } = readRecord(shop.set.tags) ?? {};
  return { ...stateOf(shop), versions: shop.versions(), commands: shop.world.compute.runCommands.size, record };
}

/** Calls that phases begin with. */
export const calls = {
  to: (method: string, part: string) => (call: Call) => call.method === method && call.url.pathname.includes(part),
  nth(number: number, is: (call: Call) => boolean) {
    let seen = 0;
    return (call: Call) => is(call) && ++seen === number;
  },
  drainOf: (call: Call) => call.method === 'PUT' && commandIn(call.url.pathname) !== ' ',
  upgrade: isUpgrade,
  setWrite: (holds: string) => (call: Call) => call.method === 'PATCH' && call.body.includes(holds),
} as const;
