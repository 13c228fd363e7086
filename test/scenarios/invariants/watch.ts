import assert from 'node:assert/strict';
import type { ScaleSet } from '../../azure/compute/state.ts';
import type { World } from '../../azure/index.ts';
import { idsIn, invariants, isUpgrade, type Rules } from './invariants.ts';
import { type Picture, photographer } from './picture.ts';

/**
 * Holds the set against every invariant after every call to Resource Manager. What it gives is asked at the end of the
 * story: a task may take a breach for trouble with its network, and one that is killed at that call hears of nothing.
 */
export function watchInvariants(world: World, set: ScaleSet, rules: Rules): () => void {
  const look = photographer(world, set);
  const watched = invariants();
  const found = look();
  let before: Picture = found;
  const upgraded = new Set<string>();
  let broken: string | undefined;
  let modelsUsedUp = false;
  world.observers.push((call, answer) => {
    if (!call.url.hostname.startsWith('management.')) return;
    // The way back asks too, and the node that it asks may have the image from its scale-out.
    if (isUpgrade(call) && before.modelImage === rules.target) for (const id of idsIn(call)) upgraded.add(id);
    if (answer.status === 409 && JSON.stringify(answer.body).includes('reached its limit')) modelsUsedUp = true;
    const now = look();
    for (const { number, says, breach } of watched) {
      const how = breach({ call, answer, before, now, found, upgraded, modelsUsedUp, rules });
      if (how === undefined) continue;
      broken ??= `invariant ${number}, ${says}: after ${call.method} ${call.url.pathname}: ${how}`;
      assert.fail(broken);
    }
    before = now;
  });
  return () => assert.equal(broken, undefined, broken);
}
