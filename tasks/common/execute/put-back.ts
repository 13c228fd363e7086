import type { Drain } from '../drain/drain.ts';
import { Failure } from '../failure.ts';
import { afterwards, type Hold, type HoldEnding } from '../record/hold.ts';
import type { RolloutRecord } from '../record/record.ts';
import { imageName } from '../report/words.ts';
import type { Node } from '../rollout/node.ts';
import type { Observer } from './job.ts';

/** Nodes that we drained and that stay must serve again. One that cannot be reached is said aloud, not swallowed. */
export async function restore(
  nodeIds: readonly string[],
  nodes: readonly Node[],
  drain: Pick<Drain, 'cancel'> | undefined,
  observer: Pick<Observer, 'remarked'>,
): Promise<void> {
  if (!drain) return;
  const nameOf = (id: string) => nodes.find((node) => node.id === id)?.name ?? id;
  await Promise.all(nodeIds.map((id) => restoreOne(id, nameOf(id), drain, observer)));
}

async function restoreOne(
  id: string,
  name: string,
  drain: Pick<Drain, 'cancel'>,
  observer: Pick<Observer, 'remarked'>,
): Promise<void> {
  try {
    await drain.cancel(id);
    observer.remarked(`${name} stays: put back into service`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    observer.remarked(`${name} could not be put back into service: ${error.message}`);
  }
}

/** The last write of a cancelled task. Azure refuses it while it replaces nodes, and there is no time to wait for that. */
export async function releaseInTime(
  ending: Omit<HoldEnding, 'until'>,
  hold: Hold,
  observer: Observer,
): Promise<boolean> {
  try {
    await hold.release({ ...ending, until: 'accepted' });
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    observer.remarked(
      `record and model could not be put back in time: the model may still name ${imageName(ending.record.target)}, and a node that scales out would get it. Run the task or RollbackScaleSet again soon (${error.message})`,
    );
    return false;
  }
}

/**
 * The last write of a task. Azure lets nodes refer to ten models at most, and each time that the model is pointed
 * somewhere makes one: when there is no room for another, the record at least says where the rollout stands. False then.
 */
export async function releaseAsFarAsPossible(
  ending: Omit<HoldEnding, 'until'>,
  hold: Hold,
  observer: Observer,
  until: HoldEnding['until'] = 'done',
): Promise<boolean> {
  try {
    await hold.release({ ...ending, until });
    return true;
  } catch (error) {
    if (!(error instanceof Failure && error.code === 'TooManyModels')) throw error;
    observer.remarked(
      `the model could not be put back and still names ${imageName(ending.record.target)}: a node that scales out gets it until the rollout goes on (${error.message})`,
    );
    await hold.release({ ...ending, modelImage: undefined, until });
    return false;
  }
}

/** The run broke off by an error. What a write can put back is put back; the error itself is the task's result. */
export async function putBackAfter(
  error: unknown,
  record: RolloutRecord,
  hold: Hold,
  { observer, cancelled }: { readonly observer: Observer; readonly cancelled: AbortSignal },
): Promise<void> {
  if (!hold.begun || (error instanceof Failure && error.code === 'OwnershipLost')) return;
  const after = afterwards(record, { completed: false, whole: false, failed: true });
  try {
    const back = await releaseAsFarAsPossible(after, hold, observer, cancelled.aborted ? 'accepted' : 'done');
    if (back) observer.remarked('the model names the proven image again');
  } catch (second) {
    observer.remarked(`the model could not be put back: ${second instanceof Error ? second.message : String(second)}`);
  }
}
