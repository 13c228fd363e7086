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
