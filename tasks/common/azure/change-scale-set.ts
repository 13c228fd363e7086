import type { VirtualMachineScaleSetUpdate } from '@azure/arm-compute';
import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import { armFailure, isLostAnswer, isStatus } from './arm-failure.ts';
import { isBusy } from './busy.ts';
import type { Azure } from './connect.ts';
import { readScaleSet, type ScaleSetModel, type ScaleSetRef } from './scale-set.ts';
import { patienceMs, writeOnce } from './write-once.ts';

export interface Change {
  /** For the error message: what is being attempted. */
  readonly what: string;
  /** `done` waits until Azure has finished; `accepted` is for a task that is about to be killed. */
  readonly until: 'done' | 'accepted';
  /** Ends the waiting, since a cancelled task has 7.5 seconds: what is accepted by then is enough. */
  readonly cancelled?: AbortSignal;
  /** Sees the set as it is now and says what to write; undefined when it is already as wanted. */
  readonly update: (model: ScaleSetModel) => VirtualMachineScaleSetUpdate | undefined;
  /** Hears why it takes so long. */
  readonly remark: (text: string) => void;
}

/** How often a write is made again that Azure took and then did not carry out. */
const maxTaken = 3;

/** A task that is about to be killed asks every second, for so long. */
const lastTriesMs = 5_000;

/**
 * Changes a scale set under its etag. When somebody wrote in between (412) or Azure is busy (409) the set is read and
 * asked again, so a write whose answer was lost is looked up before it is repeated. Returns the set as last read.
 */
export async function changeScaleSet(
  azure: Azure,
  set: ScaleSetRef,
  clock: Clock,
  change: Change,
): Promise<ScaleSetModel> {
  const hurried = change.until === 'accepted';
  const cancelled = hurried ? undefined : change.cancelled;
  const deadline = clock.now() + (hurried ? lastTriesMs : patienceMs);
  let taken = 0;
  for (let attempt = 1; ; attempt += 1) {
    const model = await readScaleSet(azure, set);
    const update = change.update(model);
    if (!update) return model;
    if (taken > 0 && clock.now() >= deadline) throw armFailure(neverShown, `${change.what} of scale set ${set.name}`);
    const { error, accepted } = await writeOnce(
      azure.compute.virtualMachineScaleSets.update(set.resourceGroup, set.name, update, { ifMatch: model.etag }),
      { attempted: `${change.what} of scale set ${set.name}`, until: change.until, clock, cancelled: change.cancelled },
    );
    if (accepted && (hurried || cancelled?.aborted)) return model;
    if (accepted) taken += 1;
    const again = accepted ? taken <= maxTaken : isStatus(error, 412) || isBusy(error) || isLostAnswer(error);
    if (accepted && !error && again) continue; // the next look tells, also when time is up
    if (!again || clock.now() >= deadline || (accepted && error && !(error instanceof Failure)))
      throw armFailure(error ?? neverShown, `${change.what} of scale set ${set.name}`);
    if (attempt === 3 && !hurried) change.remark(`${change.what} waits: ${reasonFor(error, set)}`);
    await clock.sleep(hurried ? 1_000 : Math.min(20_000, 1_000 * 2 ** attempt), cancelled);
    if (cancelled?.aborted) throw cancelledIn(change.what);
  }
}

const neverShown = new Error('Azure accepted the write, but the scale set does not show it');

const reasonFor = (error: unknown, set: ScaleSetRef) =>
  isBusy(error) ? `Azure is still busy with scale set ${set.name}` : armFailure(error, 'the write').message;

const cancelledIn = (what: string) =>
  new Failure('Cancelled', `${what} was not waited for: the run was cancelled`, 'Run the task again.');

/** The smallest PATCH that changes the image of the model and nothing else (azure.md §2). */
export const imagePatch = (imageId: string): VirtualMachineScaleSetUpdate => ({
  virtualMachineProfile: { storageProfile: { imageReference: { id: imageId } } },
});
