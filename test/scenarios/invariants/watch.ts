import assert from 'node:assert/strict';
import type { ScaleSet } from '../../azure/compute/state.ts';
import type { World } from '../../azure/index.ts';
import { invariants, type Rules } from './invariants.ts';
import { type Picture, photographer } from './picture.ts';

/** Holds the set against every invariant after every call to Resource Manager. */
export function watchInvariants(world: World, set: ScaleSet, rules: Rules): { readonly calls: () => number } {
  const look = photographer(world, set);
  const watched = invariants();
  let before: Picture = look();
  let calls = 0;
  world.observers.push((call, answer) => {
    if (!call.url.hostname.startsWith('management.')) return;
    calls += 1;
    const now = look();
    for (const { number, says, breach } of watched) {
      const how = breach({ call, answer, before, now, rules });
      assert.equal(how, undefined, `invariant ${number}, ${says}: after ${call.method} ${call.url.pathname}: ${how}`);
    }
    before = now;
  });
  return { calls: () => calls };
}
