import { looksHealthy, type Node } from '../rollout/node.ts';
import type { RolloutRecord } from './record.ts';

/**
 * The record of a rollout that is to be taken back, from the moment on at which it halts: a run that comes after one that was
 * killed there does not bring the bad image first. All that is out of service now is the rollout's doing, and goes first.
 */
export function toBeTakenBack(
  {
    chosen: _all,
    checkpoints: _stops,
    passed: _none,
    promised: _many,
    promisedNodes: _who,
    renew: _disks,
    ...record
  }: RolloutRecord,
  nodes: readonly Node[],
): RolloutRecord {
  const sick = nodes.filter((node) => !looksHealthy(node)).map(({ id }) => id);
  return { ...record, state: 'backPending', stage: '100%', wanted: 'all', sick };
}
