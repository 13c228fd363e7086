import type { Drain } from '../drain/drain.ts';
import { goalOf } from '../record/record.ts';
import { counted } from '../report/words.ts';
import { perhapsLeftOut } from '../rollout/state.ts';
import { restore } from './ending/put-back.ts';
import type { Means } from './means.ts';
import { patiently } from './patience.ts';
import { hidesDrains, type RolloutPlan } from './rollout-plan.ts';

/**
 * A run that was killed may have drained nodes whose commands have gone since. Where their health does not show it nobody
 * knows which they are, so all that may be serve again before others are drained: else more would be out than may be.
 */
export async function serveAgain(plan: RolloutPlan, drain: Drain | undefined, means: Means): Promise<void> {
  const { fleet, observer, cancelled } = means;
  if (!drain || plan.drain?.undrain === undefined || !hidesDrains(plan)) return;
  const patience = { ...means, forMs: plan.limits.progressDeadlineMs };
  const nodeIds: string[] = [];
  for (const id of perhapsLeftOut({ nodes: plan.before, target: goalOf(plan.record) }, true)) {
    if (cancelled.aborted) return;
    const asked = { ...patience, what: 'whether a node is drained could not be seen' };
    if ((await patiently(() => drain.status(id), asked)).kind === 'none') nodeIds.push(id);
  }
  if (nodeIds.length === 0) return;
  await patiently(() => fleet.hold(), { ...patience, what: 'the record could not be written' });
  observer.remarked(
    `a run before may have drained any of ${counted(nodeIds.length, 'old node')}, and their health does not show it: each serves again first`,
  );
  await restore(nodeIds, plan.before, drain, means);
}
