import type { Paused } from '../../record/record.ts';
import { notAsFound } from '../../report/paused-text.ts';
import { counted } from '../../report/words.ts';

export interface PutBack {
  /** `nothing`: there was nothing to do. `back`: all of it is. `partly`: something is not as it was found. */
  readonly kind: 'nothing' | 'back' | 'partly';
  readonly reason: string;
}

/** All that is not as it was found: nodes by their names, and what is paused or lifted; empty when nothing is. */
export function stillLeft(names: readonly string[], paused: Paused | undefined, set: string): string {
  const out = `${counted(names.length, 'node')} may still be out of service: ${names.join(', ')}`;
  const rest = notAsFound(paused ?? {}, set);
  return [...(names.length > 0 ? [out] : []), ...(rest === '' ? [] : [rest])].join('; ');
}

/**
 * How a step's rollout was ended for it. That its upgrade policy stays switched is no failure: it waits until every node
 * runs one image (docs/decisions/0027-what-is-paused-and-when-it-is-put-back.md).
 */
export function howFarBack(names: readonly string[], paused: Paused | undefined, set: string): PutBack {
  const { upgradeMode, osUpgrades, ...ours } = paused ?? {};
  const policy = notAsFound({ ...(upgradeMode && { upgradeMode }), ...(osUpgrades && { osUpgrades }) }, set);
  const waits = policy === '' ? '' : `; until a rollout of ${set} is finished, ${policy}`;
  const missing = stillLeft(names, ours, set);
  if (missing !== '') return { kind: 'partly', reason: `${missing}${waits}` };
  return { kind: 'back', reason: `what the step had left is put back${waits}` };
}
