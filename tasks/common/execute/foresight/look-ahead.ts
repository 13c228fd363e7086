import { isHeld, type RolloutRecord, wayBackOf } from '../../record/record.ts';
import { type Observed, type UsualTimes, usualTimes } from '../../report/observed.ts';
import type { Outlook, Prospect } from '../../report/outlook.ts';
import type { Times } from '../../rollout/imagined.ts';
import { looksHealthy, sameImage } from '../../rollout/node.ts';
import { tickMs } from '../pace.ts';
import type { RolloutPlan, RolloutResult } from '../rollout-plan.ts';
import { withLifts } from '../with-lifts.ts';
import { assumedTimes, foresee } from './foresee.ts';

/**
 * What the next stage and a rollback would do from here, for the one who approves: the same imagined run as a plan, with
 * the times that nodes took in this run. It can only be wrong, not do harm: what fails here is told and fails nothing.
 */
export async function lookAhead(result: RolloutResult, observed: Observed, now: number): Promise<Outlook | undefined> {
  const { ending, back } = result;
  if (back || ending.outcome === 'cancelled') return undefined; // taken back already, or no time to think
  const usual = usualTimes(observed.tracks.values());
  try {
    const next = nextStage(result);
    const way = backFrom(result);
    return {
      usual,
      ...(next && { next: await prospect(next, next.record.target, usual, now) }),
      ...(way && { back: await prospect(way, way.record.stable, usual, now) }),
    };
  } catch (error) {
    return { usual, trouble: error instanceof Error ? error.message : String(error) };
  }
}

async function prospect(plan: RolloutPlan, goal: string, usual: UsualTimes, now: number): Promise<Prospect> {
  return { goal, forecast: await foresee(plan, { ...assumedTimes(plan), ...timesOf(usual, plan) }, now) };
}

/** The end of a drain is seen at one look and the node is drained at the next: what was seen has that in it already. */
const timesOf = ({ drainMs, ...times }: UsualTimes, { pages }: RolloutPlan): Partial<Times> => ({
  ...times,
  ...(drainMs !== undefined && { drainMs: Math.max(0, drainMs - tickMs(pages)) }),
});

/** All nodes that this stage has left, as soon as it has been approved. */
function nextStage(result: RolloutResult): RolloutPlan | undefined {
  const { ending, whole, record } = result;
  if (ending.outcome !== 'completed' || whole || !record) return undefined;
  const { chosen: _others, checkpoints: _stops, passed: _none, scaleOut: _asAsked, ...open } = record;
  return fromHere(result, record, { ...open, state: 'rolling', stage: '100%', wanted: 'all' });
}

/** As `RollbackScaleSet` would plan it. */
function backFrom(result: RolloutResult): RolloutPlan | undefined {
  const { ending, record } = result;
  if (!record || isHeld(record) || record.state === 'rolledBack') return undefined;
  const goal = wayBackOf(record);
  const { nodes } = ending.situation;
  if (sameImage(goal, record.target) || nodes.every(({ image }) => sameImage(image, goal))) return undefined;
  const {
    chosen: _others,
    checkpoints: _stops,
    passed: _none,
    previous: _older,
    scaleOut: _asAsked,
    renew: _disks,
    ...open
  } = record;
  const sick = nodes.filter((node) => !looksHealthy(node)).map(({ id }) => id);
  return fromHere(result, record, {
    ...open,
    state: 'rollingBack',
    stable: goal,
    stage: '100%',
    wanted: 'all',
    sick,
  });
}

function fromHere(
  { plan: { jobDeadlineMs: _itsOwn, ...plan }, ending: { situation }, modelNames }: RolloutResult,
  basis: RolloutRecord,
  record: RolloutRecord,
): RolloutPlan {
  // While stages are to come the model names the proven image, unless scaleOutImage says otherwise; a whole rollout has
  // made its own the proven one.
  const lifted = new Set(plan.record.paused?.protection);
  return withLifts({
    ...plan,
    model: { ...plan.model, image: modelNames ?? (basis.scaleOut === 'new' ? basis.target : basis.stable) },
    before: situation.nodes.map((node) => (lifted.has(node.id) ? { ...node, protected: true } : node)), // given back by now
    basis,
    begunAt: situation.now,
    record,
  });
}
