import { sameImage } from '../rollout/node.ts';
import { isHeld, type RecordState, type RolloutRecord } from './record.ts';

/**
 * The record and the model's image when a task ends. While stages are to come, the model names the proven image, so
 * that a scale-out during an approval starts what was approved; unless it was asked otherwise.
 */
export function afterwards(
  record: RolloutRecord,
  ended: { readonly completed: boolean; readonly whole: boolean; readonly failed: boolean },
  scaleOutImage: 'stable' | 'new' = 'stable',
): { readonly record: RolloutRecord; readonly modelImage: string } {
  const { target, stable } = record;
  const state = stateAfter(record, ended);
  if (state === 'waiting' && scaleOutImage === 'new')
    return { record: { ...record, state, scaleOut: 'new' }, modelImage: target };
  if (state !== 'whole') return { record: { ...record, state }, modelImage: stable };
  const previous = sameImage(stable, target) ? record.previous : stable;
  return {
    record: { ...record, state, stable: target, ...(previous !== undefined && { previous }) },
    modelImage: target,
  };
}

function stateAfter(
  record: RolloutRecord,
  ended: { completed: boolean; whole: boolean; failed: boolean },
): RecordState {
  if (!isHeld(record)) throw new TypeError(`a record in state ${record.state} cannot end`);
  if (record.state === 'rollingBack') return ended.completed ? 'rolledBack' : 'backPending';
  if (ended.completed) return ended.whole ? 'whole' : 'waiting';
  return ended.failed ? 'halted' : 'stopped';
}
