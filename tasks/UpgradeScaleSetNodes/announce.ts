import { renewalNotes } from '../common/execute/renewal-notes.ts';
import { limitsOf, lookedBackAt, type RolloutPlan, type Tools } from '../common/execute/rollout-plan.ts';
import { liftsOf } from '../common/execute/with-lifts.ts';
import { healthNote } from '../common/health/source.ts';
import { type RolloutRecord, wayBackOf } from '../common/record/record.ts';
import { announcedLifts } from '../common/report/lifts-text.ts';
import { imageName, imageTitle } from '../common/report/words.ts';
import { maxUnavailable } from '../common/rollout/limits.ts';
import { sameImage } from '../common/rollout/node.ts';
import type { UpgradeRequest } from './upgrade-request.ts';

/** Says what the typed limits come to in this set, before anything happens. */
export function announce(request: UpgradeRequest, plan: RolloutPlan, { observer }: Tools): void {
  const count = plan.before.length;
  const { wanted, maxUnavailable: unavailable } = limitsOf(plan, count);
  const { chosen } = plan.record;
  const many = chosen
    ? `${chosen.length} chosen (${request.nodes.text}) of ${count}`
    : wanted === 'all'
      ? `all ${count}`
      : `${wanted} of ${count}`;
  observer.remarked(`${many} nodes of ${request.set.name} go to ${imageTitle(request.target)}`);
  observer.remarked(`at most ${unavailable} unavailable at a time; way back: ${wayBackWords(plan.record)}`);
  for (const text of renewalNotes(plan)) observer.remarked(text);
  for (const text of announcedLifts(liftsOf(plan))) observer.remarked(text);
  const back = lookedBackAt(plan);
  if (back !== undefined) observer.remarked(back);
  const { note: rounding } = maxUnavailable(request.maxUnavailable, count);
  if (rounding !== undefined) observer.remarked(rounding);
  if (plan.record.sick.length > 0) observer.remarked(`out of service before we came: ${plan.record.sick.join(', ')}`);
  if (request.scaleOutImage === 'new')
    observer.remarked('scaleOutImage is new: a node that scales out between two stages gets the new image, and counts');
  const note = healthNote(request.health);
  if (note !== undefined) observer.remarked(note);
  for (const { name } of plan.watched?.rules ?? []) observer.remarked(`stops when alert ${name} fires`);
  if (!request.drain) observer.remarked('no drainScript: nodes are replaced with their requests in flight');
}

/** Where the image that nodes get is the proven one, there is perhaps none before it. */
function wayBackWords(record: RolloutRecord): string {
  const back = wayBackOf(record);
  return sameImage(back, record.target) ? `none, ${imageName(back)} is the proven image already` : imageName(back);
}
