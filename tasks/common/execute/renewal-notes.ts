import { counted, imageName } from '../report/words.ts';
import { type Node, sameImage } from '../rollout/node.ts';
import type { RolloutPlan } from './rollout-plan.ts';

/** What `force` comes to in this set; nothing without it. */
export function renewalNotes({ record, basis, before, onFailure, protectedNodes }: RolloutPlan): readonly string[] {
  if (!record.renew) return [];
  const image = imageName(record.target);
  const isLeft = (node: Node) => node.leaveOut || (node.protected && protectedNodes === 'skip');
  const stale = before.filter((node) => node.stale && !isLeft(node)).length;
  const left = before.filter((node) => node.stale && isLeft(node)).length;
  const isAgain = basis?.state === 'whole' && basis.rolloutId === record.rolloutId;
  const halts = onFailure === 'rollback' && sameImage(record.stable, record.target);
  return [
    isAgain
      ? `force: this pipeline run has renewed the nodes already, so none is renewed again; another run renews them`
      : `force: ${stale} of ${counted(before.length, 'node')} ${stale === 1 ? 'runs' : 'run'} ${image} already and ${stale === 1 ? 'is' : 'are'} to get a fresh disk of it${left === 0 ? '' : `; ${left} more ${left === 1 ? 'is' : 'are'} left alone`}`,
    ...(halts ? [`onFailure is rollback, and ${image} is the proven image: a failure halts the rollout`] : []),
  ];
}
