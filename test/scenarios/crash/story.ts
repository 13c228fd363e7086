import assert from 'node:assert/strict';
import type { RolloutResult } from '../../../tasks/common/execute/rollout-plan.ts';
import { readRecord } from '../../../tasks/common/record/codec.ts';
import { upgradeNodes } from '../../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { Settings } from '../../azure/core/settings.ts';
import { addAutoscaleSetting } from '../../azure/index.ts';
import type { Behaviour } from '../../azure/machines/virtual/behaviour.ts';
import { playFast } from '../../support/fast-play.ts';
import { runOf } from '../../support/pipeline-runs.ts';
import { protect, protectedNodes } from '../../support/protected-nodes.ts';
import type { Process, ProcessTools } from '../../support/rehearsal.ts';
import { drain, openShop, type Shop } from '../../support/shop.ts';
import { manyNodes, request } from '../../UpgradeScaleSetNodes/upgrade-request.ts';
import { loseCanary } from '../between-stages.ts';
import { watchInvariants } from '../invariants/watch.ts';

/** One story of the matrix: what is asked for, of what image, and how Azure behaves. */
export interface Cell {
  /**
   * `lostCanary`: between the stages a repair makes a new node of a canary, on the proven image. `protected`: two nodes of
   * three are protected from actions of the set, and are replaced all the same. `force`: all nodes run the image already.
   */
  readonly strategy: 'rolling' | 'canary' | 'checkpoints' | 'lostCanary' | 'protected' | 'force';
  readonly image: 'good' | 'neverHealthy' | 'breaksOne';
  readonly onFailure: 'stop' | 'rollback';
  readonly concurrency: Settings['manualUpgradeConcurrency'];
  /** Who goes on after a crash: another attempt, or another run, which asks Azure DevOps what became of the first. */
  readonly follows?: 'anotherRun';
}

/** The process is killed as it makes this call of the whole story; a new one comes after a while. */
export interface Crash {
  readonly atCall: number;
  readonly applied: boolean;
  readonly restMs: number;
}

export interface Told {
  /** How each task ended; a task that was killed counts as the one that followed it. */
  readonly outcomes: readonly string[];
  readonly end: unknown;
  /** Of each call to Resource Manager whether it could have had an effect. */
  readonly calls: readonly { readonly write: boolean }[];
  readonly crashed: boolean;
}

/**
 * Times are short, so that little is polled: what matters is that each state is passed through. Every other node takes longer,
 * so that upgrade calls don't all go together, and meet as Azure lets them.
 */
const machines = {
  reimageMs: ({ id }: { readonly id: string }) => (Number(id.split('/').at(-1)) % 2 === 0 ? 14_000 : 24_000),
  healthyAfterMs: 6_000,
};
const limits = { maxFailedNodes: 0, minReadyMs: 10_000, nodeHealthTimeoutMs: 72_000, progressDeadlineMs: 600_000 };

/** The node that does not come up on the bad image: the second of the canaries, so that both strategies meet it. */
const breaking = '1';

/** Tells the story to its end, which a failed task is too, with at most one crash. */
export async function tell(cell: Cell, crash?: Crash): Promise<Told> {
  const shop = openCell(cell);
  try {
    return await tellIn(shop, cell, crash);
  } finally {
    shop.close();
  }
}

/** How far the story is. */
interface Tale {
  readonly shop: Shop;
  readonly calls: { write: boolean }[];
  attempt: number;
  wanted: number | 'all';
  crashed: boolean;
}

async function tellIn(shop: Shop, cell: Cell, crash: Crash | undefined): Promise<Told> {
  const tale: Tale = { shop, calls: [], attempt: 0, wanted: 0, crashed: false };
  const requireKept = watch(tale, cell);
  const outcomes: string[] = [];
  for (const stage of stagesOf(cell)) {
    if (outcomes.some((outcome) => outcome !== 'completed')) break;
    if (outcomes.length > 0 && cell.strategy === 'lostCanary') await loseOne(tale, cell);
    tale.wanted = stage.wanted;
    outcomes.push((await throughACrash(stage, cell, tale, crash)).ending.outcome);
  }
  await shop.pass(60_000);
  requireKept();
  return { outcomes, end: endOf(shop, cell), calls: tale.calls, crashed: tale.crashed };
}

/** Calls of others are no moments of this story. */
async function loseOne({ shop, calls }: Tale, cell: Cell): Promise<void> {
  const many = calls.length;
  await loseCanary(shop, targetOf(shop, cell), 'isReplaced');
  calls.length = many;
}

function watch(tale: Tale, cell: Cell): () => void {
  const { shop, calls } = tale;
  const requireKept = watchInvariants(shop.world, shop.set, {
    maxUnavailable: () => unavailableIn(cell),
    target: targetOf(shop, cell),
    stable: shop.v1,
    neverHealthy: cell.image === 'neverHealthy',
    drains: true,
    wanted: () => tale.wanted,
    attempt: () => `1.${tale.attempt}`,
    lostToOthers: () => 0,
    pausesAutoscale: true,
  });
  shop.world.observers.push(({ method, url }) => {
    if (url.hostname.startsWith('management.')) calls.push({ write: method !== 'GET' });
  });
  return requireKept;
}

/** One stage: by one process, or by two when the first is killed in it. */
async function throughACrash(stage: Stage, cell: Cell, tale: Tale, crash: Crash | undefined): Promise<RolloutResult> {
  const { shop, calls } = tale;
  const process = (more: Process = {}) => {
    tale.attempt += 1;
    const identity = cell.follows ? runOf(shop, tale.attempt) : {};
    return shop.tools({ ...identity, ...more, attempt: `1.${tale.attempt}` });
  };
  const dies = crash && !tale.crashed && { atCall: crash.atCall - calls.length, applied: crash.applied };
  const first = await run(stage, shop, process({ ...(dies && { dies }) }));
  if (first !== 'died') return first;
  tale.crashed = true;
  await shop.pass(crash?.restMs ?? 0);
  const second = await run(stage, shop, process());
  assert.ok(second !== 'died');
  return second;
}

async function run(stage: Stage, shop: Shop, tools: ProcessTools): Promise<RolloutResult | 'died'> {
  try {
    return await playFast(shop.clock, Promise.race([stage.start(shop, tools), tools.died]));
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${tools.lines.join('\n')}`, { cause: error });
  }
}

interface Stage {
  readonly wanted: number | 'all';
  readonly start: (shop: Shop, tools: ProcessTools) => Promise<RolloutResult>;
}

function stagesOf(cell: Cell): readonly Stage[] {
  const stage = (wanted: number | 'all'): Stage => ({
    wanted,
    start: (shop, tools) => upgradeNodes(requestOf(shop, cell, wanted), tools),
  });
  const hasCanary = cell.strategy === 'canary' || cell.strategy === 'lostCanary';
  return hasCanary ? [stage(2), stage('all')] : [stage('all')];
}

const requestOf = (shop: Shop, cell: Cell, wanted: number | 'all') =>
  request(targetOf(shop, cell), {
    drain,
    limits,
    onFailure: cell.onFailure,
    ...(cell.strategy === 'checkpoints' && {
      checkpoints: [1, 3].map((count) => ({ kind: 'count', count })),
      bakeMs: 12_000,
    }),
    ...(cell.strategy === 'protected' && { protectedNodes: 'replace' }),
    autoscale: 'pause',
    upgradePolicy: 'switchToManual',
    force: cell.strategy === 'force',
    nodes: manyNodes(wanted),
    maxUnavailable: { kind: 'count', count: unavailableIn(cell) },
  });

/**
 * Two at a time; where one node breaks, one: with two on their way a crash shifts one against the other, and whether a
 * third has been begun when the broken one is found would be left to chance.
 */
const unavailableIn = ({ image }: Cell) => (image === 'breaksOne' ? 1 : 2);

const targetOf = (shop: Shop, { image, strategy }: Cell) =>
  strategy === 'force' ? shop.v1 : image === 'neverHealthy' ? shop.v3 : shop.v2;

function openCell({ strategy, image, concurrency }: Cell): Shop {
  const behaviour = ({ id, disk }: { id: string; disk: { content: string } }): Behaviour | undefined =>
    image === 'breaksOne' && id.endsWith(`/${breaking}`) && disk.content === '2.0.0' ? 'breaks' : undefined;
  const shop = openShop({
    // How Azure counts is not proven. By content the policy is given back to a whole set; by number a model that was moved
    // away and back leaves it Manual, and written down.
    settings: { manualUpgradeConcurrency: concurrency, modelsCountedByContent: concurrency !== 'startConflict' },
    set: { capacity: strategy === 'protected' ? 3 : 6, automaticRepairs: 'Replace', upgradeMode: 'Rolling' },
    machines: { ...machines, behaviour },
  });
  if (strategy === 'protected') protect(shop, ['0', '2']);
  addAutoscaleSetting(shop.world, { set: shop.set, minimum: 2, maximum: 9 });
  return shop;
}

/** All that must be as if nothing had been killed. */
function endOf(shop: Shop, { strategy }: Cell) {
  const record = readRecord(shop.set.tags);
  const { owner: _owner, rolloutId: _id, ...rest } = record ?? {};
  return {
    versions: shop.versions(),
    ...(strategy === 'force' && { freshDisks: shop.freshDisks() }),
    model: shop.modelVersion(),
    serving: shop.serving(),
    commands: shop.world.compute.runCommands.size,
    capacity: shop.set.sku.capacity,
    protected: protectedNodes(shop),
    repairs: shop.set.repairs,
    upgradePolicy: shop.set.properties['upgradePolicy'],
    autoscale: [...shop.world.autoscale.settings.values()].map(({ properties }) => properties),
    record: rest,
  };
}
