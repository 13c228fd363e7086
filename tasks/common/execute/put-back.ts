import type { Drain } from '../drain/drain.ts';
import { Failure } from '../failure.ts';
import { afterwards } from '../record/afterwards.ts';
import type { Hold, HoldEnding } from '../record/hold.ts';
import { isFinished, type Paused, type RolloutRecord, withPaused } from '../record/record.ts';
import { policyIs, policyStays } from '../report/paused-text.ts';
import { imageName } from '../report/words.ts';
import { type Node, sameImage } from '../rollout/node.ts';
import type { Observer } from './job.ts';
import type { Means } from './means.ts';

/** Nodes that we drained and that stay must serve again. One that cannot be reached is said aloud, not swallowed. */
export async function restore(
  nodeIds: readonly string[],
  nodes: readonly Node[],
  drain: Drain | undefined,
  observer: Observer,
): Promise<void> {
  if (!drain) return;
  const nameOf = (id: string) => nodes.find((node) => node.id === id)?.name ?? id;
  await Promise.all(nodeIds.map((id) => restoreOne(id, nameOf(id), drain, observer)));
}

async function restoreOne(id: string, name: string, drain: Drain, observer: Observer): Promise<void> {
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

type After = Omit<HoldEnding, 'until'>;

/**
 * The end of a task, in this order: the model, since repairs and autoscale make nodes of what it names; both of them; the
 * record, which lets the next run begin; and the upgrade policy when the rollout is finished. Gives the record as it stands.
 */
export async function close(
  after: After,
  means: Pick<Means, 'hold' | 'pauses' | 'observer'>,
  until: HoldEnding['until'] = 'done',
): Promise<{ readonly record: RolloutRecord; readonly back: boolean }> {
  const { hold, pauses, observer } = means;
  const { modelImage } = after;
  const moves = modelImage !== undefined && !sameImage(hold.image ?? '', modelImage);
  if (pauses.isOpen && moves) await pointBack(modelImage, hold, until);
  if (pauses.isOpen) await pauses.end(until);
  const record = withPaused(after.record, pauses.left);
  const back = await releaseAsFarAsPossible({ ...after, record }, hold, observer, until);
  return { record: await givePolicyBack(record, means), back };
}

/** Where it can't be, the release tries it again and says what that means. */
async function pointBack(image: string, hold: Hold, until: HoldEnding['until']): Promise<void> {
  try {
    await hold.pointBack(image, until);
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'OwnershipLost') throw error;
  }
}

/** Only when nothing is open any more, and only what makes Azure roll nobody; the rest stays in the record. */
async function givePolicyBack(
  record: RolloutRecord,
  { hold, pauses, observer }: Pick<Means, 'hold' | 'pauses' | 'observer'>,
): Promise<RolloutRecord> {
  const former = record.paused ?? {};
  if (!isPolicy(former)) return record;
  if (!isFinished(record)) {
    observer.remarked(policyStays(former, 'until every node runs one image and the rollout is finished'));
    return record;
  }
  try {
    const { back, image, stays } = await pauses.lookAtPolicy();
    const left = without(former, back);
    if (isPolicy(back)) await hold.giveBack({ policy: back, image, stillPaused: left });
    if (isPolicy(back)) observer.remarked(policyIs(back));
    if (stays !== undefined) observer.remarked(policyStays(left, stays));
    return withPaused(record, left);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    observer.remarked(policyStays(former, error.message));
    return record;
  }
}

const isPolicy = ({ upgradeMode, osUpgrades }: Paused) => upgradeMode !== undefined || osUpgrades === true;

const without = (paused: Paused, back: Paused): Paused =>
  Object.fromEntries(Object.entries(paused).filter(([name]) => !(name in back)));

/** The run broke off by an error. What a write can put back is put back; the error itself is the task's result. */
export async function putBackAfter(error: unknown, record: RolloutRecord, means: Means): Promise<void> {
  const { hold, pauses, observer, cancelled } = means;
  if (!hold.begun) return;
  const until = cancelled.aborted ? 'accepted' : 'done';
  const after = afterwards(record, { completed: false, whole: false, failed: true });
  try {
    if (error instanceof Failure && error.code === 'OwnershipLost') {
      // Whoever has the rollout now finds in the record what is paused; without a record only we know.
      if (await hold.isOrphaned()) await pauses.end(until);
      return;
    }
    if ((await close(after, means, until)).back) observer.remarked('the model names the proven image again');
  } catch (second) {
    observer.remarked(`the model could not be put back: ${second instanceof Error ? second.message : String(second)}`);
  }
}
