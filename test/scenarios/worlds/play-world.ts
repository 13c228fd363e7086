import assert from 'node:assert/strict';
import { putBackLeft } from '../../../tasks/common/execute/ending/put-back-left.ts';
import type { RolloutResult } from '../../../tasks/common/execute/rollout-plan.ts';
import { Failure } from '../../../tasks/common/failure.ts';
import { readRecord } from '../../../tasks/common/record/codec.ts';
import { isHeld } from '../../../tasks/common/record/record.ts';
import { rollBack } from '../../../tasks/RollbackScaleSet/roll-back.ts';
import { upgradeNodes } from '../../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { UpgradeRequest } from '../../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';
import type { Instance } from '../../azure/compute/state.ts';
import { keyOf } from '../../azure/core/ids.ts';
import { at } from '../../azure/core/json.ts';
import { settle } from '../../azure/index.ts';
import { armedCommands } from '../../support/armed-commands.ts';
import { playFast } from '../../support/fast-play.ts';
import { instancesOf } from '../../support/fleet-guard.ts';
import { runOf } from '../../support/pipeline-runs.ts';
import type { ProcessTools } from '../../support/rehearsal.ts';
import type { Shop } from '../../support/shop.ts';
import { manyNodes, request } from '../../UpgradeScaleSetNodes/upgrade-request.ts';
import { canaryKey, loseCanary } from '../between-stages.ts';
import { watchInvariants } from '../invariants/watch.ts';
import type { WorldPlan } from './draw.ts';
import { happen } from './events.ts';
import { isItWell, isUndrainable, lossesOfOthers, type OpenWorld, openWorld, targetOf } from './open-world.ts';

export interface Played {
  readonly outcomes: readonly string[];
  readonly calls: number;
  readonly deaths: number;
}

/** How often a stage is run again after something that passes, and when its time was up: each time it has got further. */
const patience = { interruptions: 6, deadlines: 60 };

/** Plays one seed: the pipeline with its stages, its interruptions and what else happens; throws when anything is wrong. */
export async function playWorld(plan: WorldPlan, tell: (lines: readonly string[]) => void = () => {}): Promise<Played> {
  const shop = openWorld(plan);
  try {
    return await playIn(shop, plan, tell);
  } finally {
    shop.close();
  }
}

interface Stage {
  readonly wanted: number | 'all';
  readonly start: (tools: ProcessTools) => Promise<RolloutResult>;
  /** Goes on where the stages before it failed. */
  readonly isWayBack?: boolean;
}

/** How far the story is. */
interface Tale {
  readonly shop: Shop;
  readonly plan: WorldPlan;
  attempt: number;
  calls: number;
  deaths: number;
  wanted: number | 'all';
  deathsToCome: WorldPlan['deaths'];
  /** Once it has been refused for what somebody wrote into the model, a person lets that come along. */
  allowsDrift: boolean;
  /** Once a node that a stage names is gone, a person names those that are left. */
  namesThoseLeft: boolean;
  /** Hears what each process said, when it has ended. */
  readonly tell: (lines: readonly string[]) => void;
}

async function playIn(shop: OpenWorld, plan: WorldPlan, tell: Tale['tell']): Promise<Played> {
  const tale: Tale = {
    shop,
    plan,
    tell,
    attempt: 0,
    calls: 0,
    deaths: 0,
    wanted: 0,
    deathsToCome: plan.deaths,
    allowsDrift: plan.allowModelDrift,
    namesThoseLeft: false,
  };
  const requireKept = watch(tale);
  const found = protectedIds(shop);
  happen(shop, plan);
  const outcomes: string[] = [];
  for (const stage of [...stagesOf(tale), ...(plan.rollsBackAtTheEnd ? [wayBack(tale)] : [])]) {
    const goesOn = outcomes.every((outcome) => outcome === 'completed');
    if (goesOn && outcomes.length > 0) await betweenStages(shop, plan);
    if (goesOn || stage.isWayBack) outcomes.push(await untilItEnds(stage, tale));
  }
  if (plan.renews && isOver(plan, outcomes)) outcomes.push(...(await renewal(tale)));
  await shop.pass(120_000);
  settle(shop.world);
  requireKept();
  assertEnd(shop, plan, outcomes);
  if (plan.protectedUntilMs === undefined) assertProtected(shop, found);
  return { outcomes, calls: tale.calls, deaths: tale.deaths };
}

/** Every node runs the good image, or asks not to. */
const isOver = ({ image, rollsBackAtTheEnd }: WorldPlan, outcomes: readonly string[]) =>
  image === 'good' && !rollsBackAtTheEnd && outcomes.every((outcome) => outcome === 'completed');

/**
 * A canary and the others once more, by a rollout of their own. Each gets one fresh disk; where that shows nothing, a run
 * that was killed leaves the next one to renew again, and so does one that was killed when all was done, for another run.
 */
async function renewal(tale: Tale): Promise<readonly string[]> {
  const { shop, plan } = tale;
  const [deaths, before] = [tale.deaths, shop.freshDisksById()];
  const there = instancesOf(shop.world, shop.set).filter(({ provisioningState }) => provisioningState !== 'Deleting');
  const outcomes: string[] = [];
  for (const many of [1, 'all'] as const)
    if (outcomes.length === 0 || readRecord(shop.set.tags)?.state === 'waiting')
      outcomes.push(
        await untilItEnds({ wanted: 'all', start: (tools) => upgradeNodes(forced(tale, many), tools) }, tale),
      );
  const isTold = plan.settings.reimageRenamesDisk && plan.nextIs === 'attempt';
  const most = 1 + (isTold ? 0 : tale.deaths - deaths);
  const stays = ({ id, provisioningState }: Instance) =>
    shop.world.compute.instances.has(keyOf(id)) && provisioningState !== 'Deleting';
  for (const instance of there.filter(stays)) {
    const { id } = instance;
    const fresh = (shop.freshDisksById().get(keyOf(id)) ?? 0) - (before.get(keyOf(id)) ?? 0);
    assert.ok(fresh <= most, `${id} has got ${fresh} fresh disks by force, ${most} would have been enough`);
    const isDue = outcomes.every((outcome) => outcome === 'completed') && !mayStay(plan, instance);
    assert.ok(!isDue || fresh > 0, `${id} was not renewed`);
  }
  return outcomes;
}

const forced = (tale: Tale, many: 1 | 'all') => ({ ...requestOf(tale, many), force: true });

/** An approval is waited for, and something becomes of a canary meanwhile. */
async function betweenStages(shop: OpenWorld, plan: WorldPlan): Promise<void> {
  const { between, sickForMs } = plan;
  const target = targetOf(shop, plan);
  const key = canaryKey(shop, target);
  if (between === 'fallsSick' && key !== undefined) shop.sicken(key, sickForMs);
  else if (between === 'leaves' || between === 'isReplaced') await loseCanary(shop, target, between);
}

function watch(tale: Tale): () => void {
  const { shop, plan } = tale;
  const requireKept = watchInvariants(shop.world, shop.set, {
    maxUnavailable: (nodes) => Math.min(plan.maxUnavailable, Math.max(1, nodes)),
    target: targetOf(shop, plan),
    stable: shop.v1,
    neverHealthy: plan.image === 'neverHealthy',
    drains: plan.drains,
    wanted: () => tale.wanted,
    attempt: () => `1.${tale.attempt}`,
    lostToOthers: lossesOfOthers(shop, plan),
    pausesAutoscale: plan.autoscale === 'pause',
    driftAllowed: () => tale.allowsDrift,
  });
  shop.world.observers.push(({ url }) => {
    if (url.hostname.startsWith('management.')) tale.calls += 1;
  });
  return requireKept;
}

/** A stage that was killed, that Azure did not let go on or whose time was up is run again. */
async function untilItEnds(stage: Stage, tale: Tale): Promise<string> {
  tale.wanted = stage.wanted;
  const left = { ...patience };
  for (;;) {
    const outcome = await once(stage, tale);
    const again = outcome === 'incomplete' ? left.deadlines-- > 0 : isPassing(outcome) && left.interruptions-- > 0;
    if (!again) return outcome;
    if (/ModelDrift/.test(outcome)) tale.allowsDrift = true;
    if (/NodesNotFound/.test(outcome)) tale.namesThoseLeft = true;
    await tale.shop.pass(120_000);
  }
}

/** What outages, other writers and alerts of a drawn world may be the reason for; nothing else is a reason to give up. */
const explained =
  /^refused: (AlertsAlreadyFired|AlertsUnreadable|AzureUnavailable|Throttled|Conflict|TooManyModels|NodesNotFound|OwnershipLost|RolloutChangedMeanwhile|ModelChangedByOthers|ModelDrift(ed|Pending))$/;

function isPassing(outcome: string): boolean {
  assert.ok(!outcome.startsWith('refused') || explained.test(outcome), `${outcome}, which nothing explains`);
  return outcome === 'died' || outcome.startsWith('refused');
}

async function once(stage: Stage, tale: Tale): Promise<string> {
  const { shop, calls, deathsToCome } = tale;
  tale.attempt += 1;
  const death = deathsToCome.find(({ atCall }) => atCall > calls);
  const dies = death && { atCall: death.atCall - calls, applied: death.applied };
  const identity = tale.plan.nextIs === 'anotherRun' ? runOf(shop, tale.attempt) : {};
  const tools = shop.tools({ ...identity, attempt: `1.${tale.attempt}`, ...(dies && { dies }) });
  try {
    const ended = await playFast(shop.clock, Promise.race([stage.start(tools), tools.died, tooLong(tools)]));
    if (ended !== 'died') return ended.ending.failure ? `refused: ${ended.ending.failure.code}` : ended.ending.outcome;
    tale.deaths += 1;
    tale.deathsToCome = deathsToCome.filter((other) => other !== death);
    await shop.pass(death?.restMs ?? 0);
    if (tale.plan.hasPostJob)
      await postJob(shop.tools({ ...identity, attempt: `1.${tale.attempt}`, memory: tools.memory }), tale);
    return 'died';
  } catch (error) {
    if (error instanceof Failure) return `refused: ${error.code}`;
    throw error;
  } finally {
    tale.tell([`-- attempt ${tale.attempt}`, ...tools.lines]);
  }
}

/** What a killed process has left is put back, unless Azure is in the way: then it is the next run's to do. */
async function postJob(tools: ProcessTools, { shop, tell }: Tale): Promise<void> {
  const { left } = tools.memory;
  if (!left) return;
  try {
    await playFast(shop.clock, Promise.race([putBackLeft(left, tools), tooLong(tools)]));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  } finally {
    tell(['-- its post-job step', ...tools.lines]);
  }
}

/** Every run has an end: the longest that one may take, and a little. */
async function tooLong(tools: ProcessTools): Promise<never> {
  await tools.clock.sleep(8 * 3_600_000);
  throw new Error('it did not end within eight hours');
}

function stagesOf(tale: Tale): readonly Stage[] {
  return tale.plan.stages.map((stage) => ({
    wanted: wantedBy(stage, tale.plan),
    start: (tools) => upgradeNodes(requestOf(tale, stage), tools),
  }));
}

type Asked = WorldPlan['stages'][number];

function wantedBy(stage: Asked, { nodes }: WorldPlan): number | 'all' {
  if (typeof stage === 'object') return stage.length;
  return stage === 'all' || stage >= nodes ? 'all' : stage;
}

function nodesOf(stage: Asked, { shop, namesThoseLeft }: Tale): UpgradeRequest['nodes'] {
  if (typeof stage !== 'object') return manyNodes(stage);
  const there = instancesOf(shop.world, shop.set).map(({ instanceId }) => instanceId);
  const left = stage.filter((id) => there.includes(id));
  const ids = !namesThoseLeft ? stage : left.length > 0 ? left : there.slice(0, 1);
  return { kind: 'ids', ids, text: `ids:${ids.join(',')}` };
}

const wayBack = (tale: Tale): Stage => ({
  isWayBack: true,
  wanted: 'all',
  start(tools) {
    const { nodes: _nodes, target: _target, ...rest } = requestOf(tale, 'all');
    return rollBack({ ...rest, to: tale.shop.v1 }, tools);
  },
});

const healthBy: Readonly<Record<WorldPlan['health'], UpgradeRequest['health']>> = {
  azure: { kind: 'azure' },
  http: { kind: 'http', url: { scheme: 'http', port: 8080, path: '/', text: 'http://:8080/' } },
  script: { kind: 'script', script: isItWell },
};

function requestOf(tale: Tale, stage: Asked): UpgradeRequest {
  const { shop, plan, allowsDrift } = tale;
  return request(targetOf(shop, plan), {
    ...(plan.drains && { drain: { drain: 'phoenix-drain start', undrain: 'phoenix-drain cancel', timeoutMs: 60_000 } }),
    health: healthBy[plan.health],
    alertRules: plan.alert === 'none' ? [] : [{ text: 'errors' }],
    onDrainTimeout: plan.cutSessions ? 'proceed' : plan.skipsToEnd ? 'skipToEnd' : 'fail',
    protectedNodes: plan.replacesProtected ? 'replace' : plan.protectedUntilMs === undefined ? 'skip' : 'wait',
    ...(plan.jobDeadlineMs !== undefined && { jobDeadlineMs: plan.jobDeadlineMs }),
    onFailure: plan.onFailure,
    autoscale: plan.autoscale === 'pause' ? 'pause' : 'keep',
    upgradePolicy: plan.upgradeMode === 'Manual' ? 'requireManual' : 'switchToManual',
    allowModelDrift: allowsDrift,
    scaleOutImage: plan.scaleOutImage,
    limits: {
      maxFailedNodes: plan.maxFailedNodes,
      minReadyMs: plan.minReadyMs,
      nodeHealthTimeoutMs: 240_000,
      progressDeadlineMs: 900_000,
    },
    nodes: nodesOf(stage, tale),
    checkpoints: plan.checkpoints.map((count) => ({ kind: 'count', count })),
    bakeMs: 20_000,
    maxUnavailable: { kind: 'count', count: plan.maxUnavailable },
  });
}

/** Whatever happened: nothing of ours is left behind, and where nothing was wrong with the image, all of it was done. */
function assertEnd(shop: Shop, plan: WorldPlan, outcomes: readonly string[]): void {
  const record = readRecord(shop.set.tags);
  assert.ok(!record || !isHeld(record), `the record still says ${record?.state}`);
  assert.deepEqual(
    armedCommands(shop.world).map(({ id }) => id),
    [],
    'run commands are left',
  );
  const idle = instancesOf(shop.world, shop.set).filter(({ id }) => shop.drained.has(keyOf(id)));
  assert.deepEqual(
    idle.map(({ name }) => name),
    [],
    'nodes are left drained',
  );
  assertPutBack(shop, plan);
  if (plan.image !== 'good') return;
  const staysBehind = (instance: Instance) => mayStay(plan, instance);
  const isWhole = outcomes.every((outcome) => outcome === 'completed');
  // A promised number of nodes can be out of reach when some of them can't be drained.
  if (!isWhole && plan.drains && instancesOf(shop.world, shop.set).some(({ id }) => isUndrainable(plan, id))) return;
  assert.deepEqual(new Set(outcomes), new Set(['completed']), 'a good image comes to its end');
  const goal = plan.rollsBackAtTheEnd ? shop.v1 : shop.v2;
  const behind = instancesOf(shop.world, shop.set).filter(
    (instance) => instance.image.reference['id'] !== goal && !staysBehind(instance),
  );
  assert.deepEqual(
    behind.map(({ name }) => name),
    [],
    'nodes are left behind',
  );
}

/** Protected, left out as it asks, or not to be drained. */
const mayStay = (plan: WorldPlan, { id, protection, tags }: Instance) =>
  (protection.protectFromScaleSetActions && !plan.replacesProtected) ||
  'phoenix-leave-out' in tags ||
  (!plan.cutSessions && isUndrainable(plan, id));

const protectedIds = ({ world, set }: Shop) =>
  instancesOf(world, set)
    .filter(({ protection }) => protection.protectFromScaleSetActions)
    .map(({ instanceId }) => instanceId);

/** Every node that was protected and is still there is so again; the invariants say it of each moment before. */
function assertProtected(shop: Shop, found: readonly string[]): void {
  const there = new Set(instancesOf(shop.world, shop.set).map(({ instanceId }) => instanceId));
  assert.deepEqual(
    protectedIds(shop),
    found.filter((id) => there.has(id)),
    'protection is not as it was found',
  );
}

/** Repairs and autoscale are as they were found; the policy is, or the record says what it was. */
function assertPutBack({ world, set }: Shop, plan: WorldPlan): void {
  const { repairs, autoscale, upgradeMode, protection } = readRecord(set.tags)?.paused ?? {};
  const says = [repairs, autoscale, protection];
  assert.deepEqual(says, [undefined, undefined, undefined], 'the record still says that something is paused');
  const byPlatform = set.repairs === 'Suspended' && set.repairWork.inVain.size > 0;
  if (plan.repairs && !byPlatform) assert.equal(set.repairs, 'Running', 'repairs are left suspended');
  assert.ok(
    !JSON.stringify([...world.autoscale.settings.values()]).includes('phoenix-pause'),
    'autoscale is left paused',
  );
  const mode = String(at(set.properties, 'upgradePolicy', 'mode'));
  if (mode !== plan.upgradeMode) assert.deepEqual([mode, upgradeMode], ['Manual', plan.upgradeMode]);
}
