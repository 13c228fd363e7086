import { Failure } from '../../failure.ts';
import type { Patiently } from '../../pause/pauses.ts';
import { afterwards } from '../../record/afterwards.ts';
import type { Hold, HoldEnding } from '../../record/hold.ts';
import { isFinished, type Paused, type RolloutRecord, withPaused } from '../../record/record.ts';
import { policyIs, policyStays } from '../../report/paused-text.ts';
import { sameImage } from '../../rollout/node.ts';
import type { Means } from '../means.ts';
import { atTheEnd, patiently, type Surroundings } from '../patience.ts';
import { releaseAsFarAsPossible, releaseInTime } from './put-back.ts';

type After = Omit<HoldEnding, 'until'>;
type Ends = Omit<Means, 'fleet'>;

/** The record as it stands, and whether the model could be put back. */
interface Closed {
  readonly record: RolloutRecord;
  readonly back: boolean;
}

/**
 * The end of a task, in this order: the model, since repairs and autoscale make nodes of what it names; both of them; the
 * record, which lets the next run begin; and the upgrade policy when the rollout is finished.
 */
export async function close(after: After, means: Ends, until: HoldEnding['until'] = 'done'): Promise<Closed> {
  const { hold, pauses } = means;
  const { modelImage } = after;
  const moves = modelImage !== undefined && !sameImage(hold.image ?? '', modelImage);
  if (pauses.isOpen && moves) await pointBack(modelImage, hold, until);
  if (pauses.isOpen) await pauses.end(until, patienceOf(means));
  const record = withPaused(after.record, pauses.left);
  const back = await releaseAsFarAsPossible({ ...after, record }, hold, means, until);
  return { record: await givePolicyBack(record, means), back };
}

/** A task that is about to be killed has no time for one thing after the other. Undefined when it could not be written. */
export async function closeInTime(
  after: After,
  restored: Promise<void>,
  means: Ends,
): Promise<RolloutRecord | undefined> {
  const { hold, pauses } = means;
  if (hold.begun && pauses.isOpen) await pauses.end('accepted', patienceOf(means));
  const record = withPaused(after.record, pauses.left);
  const [written] = await Promise.all([releaseInTime({ ...after, record }, hold, means), restored]);
  return written && hold.begun ? record : undefined;
}

/** Tries for as long as the end of a task may take. */
export const patienceOf =
  (around: Surroundings): Patiently =>
  (act, what) =>
    patiently(act, atTheEnd(around, what));

/** Where it can't be, the release tries it again and says what that means. */
async function pointBack(image: string, hold: Hold, until: HoldEnding['until']): Promise<void> {
  try {
    await hold.pointBack(image, until);
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'OwnershipLost') throw error;
  }
}

/** Only when nothing is open any more, and only what makes Azure roll nobody; the rest stays in the record. */
export async function givePolicyBack(record: RolloutRecord, means: Ends): Promise<RolloutRecord> {
  const { hold, pauses, observer } = means;
  const former = record.paused ?? {};
  if (!isPolicy(former)) return record;
  if (!isFinished(record)) {
    observer.remarked(policyStays(former, 'until every node runs one image and the rollout is finished'), 'paused');
    return record;
  }
  try {
    const { back, image, stays } = await pauses.lookAtPolicy();
    const left = without(former, back);
    if (isPolicy(back)) await hold.giveBack({ policy: back, image, stillPaused: left });
    if (isPolicy(back)) observer.remarked(policyIs(back), 'restored');
    if (stays !== undefined) observer.remarked(policyStays(left, stays), 'paused');
    return withPaused(record, left);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    observer.remarked(policyStays(former, error.message), 'paused');
    return record;
  }
}

const isPolicy = ({ upgradeMode, osUpgrades }: Paused) => upgradeMode !== undefined || osUpgrades === true;

const without = (paused: Paused, back: Paused): Paused =>
  Object.fromEntries(Object.entries(paused).filter(([name]) => !(name in back)));

/** The run broke off by an error. What a write can put back is put back; the error itself is the task's result. */
export async function putBackAfter(error: unknown, record: RolloutRecord, means: Means): Promise<void> {
  const { hold, observer, cancelled } = means;
  const isAnothers = error instanceof Failure && error.code === 'OwnershipLost';
  if (!hold.begun || isAnothers) return;
  const until = cancelled.aborted ? 'accepted' : 'done';
  const after = afterwards(record, { completed: false, whole: false, failed: true });
  try {
    if ((await close(after, means, until)).back)
      observer.remarked('the model names the proven image again', 'restored');
  } catch (second) {
    observer.remarked(`the model could not be put back: ${second instanceof Error ? second.message : String(second)}`);
  }
}
