import { imagePatch } from '../azure/change-scale-set.ts';
import { formerPolicy } from '../azure/upgrade-policy.ts';
import { sameImage } from '../rollout/node.ts';
import { readRecord, writeRecord } from './codec.ts';
import { assertNotAnothers, type Grip, isOurs, write } from './grip.ts';
import type { GivenBack, HoldEnding, HoldRequest } from './hold.ts';
import { assertManual, changedMeanwhile, modelMoved } from './moved.ts';
import { assertStillOurs } from './ownership.ts';
import { type Paused, type RolloutRecord, withPaused } from './record.ts';

/** Writes how it ended and the image that scale-outs get from now on, in one write. Nothing when nothing was begun. */
export async function release(grip: Grip, request: HoldRequest, ending: HoldEnding): Promise<void> {
  if (!grip.begun) return;
  await write(
    request,
    'Writing the end of the rollout into the tags',
    (model) => {
      grip.image = model.image;
      const current = readRecord(model.tags);
      if (!grip.held && current?.owner.token !== grip.record.owner.token) return undefined;
      assertNotAnothers(grip, current);
      // An image that somebody else wrote meanwhile is theirs to take back.
      const goal = ending.modelImage ?? model.image;
      const mayWrite = isOurs(grip, model) && !sameImage(model.image, goal);
      if (mayWrite) assertManual(request.set, model);
      if (!current) return mayWrite ? imagePatch(goal) : undefined;
      if (isWritten(current, ending.record) && !mayWrite) return undefined;
      return { ...(mayWrite && imagePatch(goal)), tags: { ...writeRecord(model.tags, ended(grip, ending.record)) } };
    },
    ending.until,
  );
}

/** A rollout that is to be taken back has no checkpoints any more. */
function ended({ record: { model }, passed: ours }: Grip, ending: RolloutRecord): RolloutRecord {
  const passed = ending.checkpoints && (ours ?? ending.passed);
  return { ...ending, ...(model && { model }), ...(passed !== undefined && { passed }) };
}

/** After the end: gives a former upgrade policy back, and writes what is still paused by the same write. */
export const giveBack = (
  { begun, record }: Grip,
  request: HoldRequest,
  { policy, image: seen, stillPaused }: GivenBack,
): Promise<void> =>
  write(request, 'Giving the former upgrade policy back', (model) => {
    const { set, basis } = request;
    const current = readRecord(model.tags);
    if (begun) assertStillOurs(current, record.owner);
    if (current === undefined || samePaused(current.paused, stillPaused)) return undefined;
    // Where nothing was begun it is the record of a finished rollout: it stays as it was found in all else.
    if (!begun && JSON.stringify(current) !== JSON.stringify(basis)) throw changedMeanwhile(set);
    if (Object.keys(policy).length > 0 && !sameImage(model.image, seen)) throw modelMoved(set, model.image, record);
    return { ...formerPolicy(policy), tags: { ...writeRecord(model.tags, withPaused(current, stillPaused)) } };
  });

/** Is it in the tags already, as far as an ending tells one record of a run from another? */
const isWritten = (current: RolloutRecord | undefined, { state, paused }: RolloutRecord) =>
  current?.state === state && samePaused(current.paused, paused);

const samePaused = (one: Paused | undefined, other: Paused | undefined) =>
  pausedText(one ?? {}) === pausedText(other ?? {});

const pausedText = ({ repairs, autoscale, upgradeMode, osUpgrades, protection }: Paused) =>
  JSON.stringify([repairs, autoscale, upgradeMode, osUpgrades, protection]);
