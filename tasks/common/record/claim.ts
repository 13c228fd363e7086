import { readScaleSet, type ScaleSetModel } from '../azure/scale-set.ts';
import { manualPolicy } from '../azure/upgrade-policy.ts';
import { sameImage } from '../rollout/node.ts';
import { readRecord, writeRecord } from './codec.ts';
import { modelDrifted } from './drift.ts';
import { type Grip, write } from './grip.ts';
import type { HoldRequest } from './hold.ts';
import { assertManual, changedMeanwhile, modelMoved } from './moved.ts';
import { assertMayTake, assertStillOurs } from './ownership.ts';
import { goalOf, partsThatDiffer } from './record.ts';

/** Writes the record the first time; from then on reads it again and throws when it is not ours. */
export async function ensure(grip: Grip, request: HoldRequest): Promise<void> {
  if (grip.held) return verify(grip, request);
  await claim(grip, request);
  grip.held = true;
}

async function verify(grip: Grip, request: HoldRequest): Promise<void> {
  const { azure, set } = request;
  const model = await readScaleSet(azure, set);
  grip.image = model.image;
  assertStillOurs(readRecord(model.tags), grip.record.owner);
  takeIn(grip, request, model);
  if (!request.startsNothing) assertManual(set, model);
  if (grip.aimed && !sameImage(model.image, goalOf(grip.record))) throw modelMoved(set, model.image, grip.record);
}

/** An upgrade applies the whole model: what somebody changed in it meanwhile was not asked for. */
export function takeIn(grip: Grip, { set, startsNothing, allowModelDrift, remark }: HoldRequest, model: ScaleSetModel) {
  const parts = partsThatDiffer(grip.record.model, model.print);
  if (parts.length === 0 || startsNothing) return;
  if (!allowModelDrift) throw modelDrifted(set.name, grip.record, parts);
  remark(`somebody changed the model in ${parts.join(', ')}: taken in, as allowModelDrift says`);
  grip.record = { ...grip.record, model: model.print };
}

/** What was planned holds for the image and the policy that were found then: what others wrote since is not overwritten. */
function assertAsFound({ record }: Grip, { set, model: found }: HoldRequest, model: ScaleSetModel): void {
  if (model.image.toLowerCase() !== found.image.toLowerCase()) throw modelMoved(set, model.image, record);
  if (record.paused?.upgradeMode === undefined) assertManual(set, model);
}

const claim = (grip: Grip, request: HoldRequest): Promise<void> =>
  write(request, 'Writing the rollout record into the tags', (model) => {
    const { set, clock, basis, takeover, holder } = request;
    const { owner } = grip.record;
    const current = readRecord(model.tags);
    grip.image = model.image;
    if (current?.owner.token === owner.token) return undefined;
    assertMayTake(current, owner, takeover, clock.now(), holder);
    if (JSON.stringify(current) !== JSON.stringify(basis)) throw changedMeanwhile(set);
    takeIn(grip, request, model);
    if (!request.startsNothing) assertAsFound(grip, request, model);
    const tags = { ...writeRecord(model.tags, grip.record) };
    if (sameImage(model.image, request.model.image)) grip.ours.add(model.image.toLowerCase());
    if (!grip.begun) request.beginning();
    grip.begun = true;
    // One write says what was found and switches it: nobody is left to wonder in between.
    return { ...manualPolicy(model, grip.record.paused), tags };
  });
