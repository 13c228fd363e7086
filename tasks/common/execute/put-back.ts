import type { Drain } from '../drain/drain.ts';
import { Failure } from '../failure.ts';
import { afterwards, type Hold } from '../record/hold.ts';
import type { RolloutRecord } from '../record/record.ts';
import type { Node } from '../rollout/node.ts';
import type { Observer } from './job.ts';

/** Nodes that we drained and that stay must serve again. One that cannot be reached is said aloud, not swallowed. */
export async function restore(
  nodeIds: readonly string[],
  nodes: readonly Node[],
  drain: Drain | undefined,
  observer: Observer,
): Promise<void> {
  if (!drain) return;
  for (const id of nodeIds) {
    const name = nodes.find((node) => node.id === id)?.name ?? id;
    try {
      await drain.cancel(id);
      observer.remarked(`${name} stays: put back into service`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      observer.remarked(`${name} could not be put back into service: ${error.message}`);
    }
  }
}

/** The run broke off by an error. What a write can put back is put back; the error itself is the task's result. */
export async function putBackAfter(
  error: unknown,
  record: RolloutRecord,
  hold: Hold,
  observer: Observer,
): Promise<void> {
  if (!hold.begun || (error instanceof Failure && error.code === 'OwnershipLost')) return;
  const after = afterwards(record, { completed: false, whole: false, failed: true });
  try {
    await hold.release({ ...after, until: 'done' });
    observer.remarked('the model names the proven image again');
  } catch (second) {
    observer.remarked(`the model could not be put back: ${second instanceof Error ? second.message : String(second)}`);
  }
}
