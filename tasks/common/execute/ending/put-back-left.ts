import { readScaleSet } from '../../azure/scale-set.ts';
import { Failure } from '../../failure.ts';
import { afterwards } from '../../record/afterwards.ts';
import { readRecord } from '../../record/codec.ts';
import { assertStillOurs } from '../../record/ownership.ts';
import { isHeld, isPaused, type RolloutRecord } from '../../record/record.ts';
import type { Node } from '../../rollout/node.ts';
import type { Tools } from '../rollout-plan.ts';
import { patienceOf } from './close.ts';
import { putBack } from './finish.ts';
import type { Left } from './handover.ts';
import { busyIn, look, outIn, settled, stillOut } from './left-nodes.ts';
import { releaseAsFarAsPossible, restore } from './put-back.ts';
import { putBackAlone } from './put-back-alone.ts';
import { type Desk, deskFor } from './put-back-desk.ts';
import { howFarBack, type PutBack } from './what-is-left.ts';

/** How often the record may change between our look and our write: a last write of the main step may still be on its way. */
const mostTries = 3;

/**
 * What a cancelled or crashed step has left is put back, as the step itself would have done or the next run would: nodes
 * that were drained and stay serve again, the model names the proven image, and the record says `stopped`. It acts only
 * while the record is the step's own.
 */
export async function putBackLeft(left: Left, tools: Tools): Promise<PutBack> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await tryToPutBack(left, tools);
    } catch (error) {
      const again = error instanceof Failure && error.code === 'RolloutChangedMeanwhile' && tries < mostTries;
      if (!again) throw error;
    }
  }
}

async function tryToPutBack(left: Left, tools: Tools): Promise<PutBack> {
  const model = await readScaleSet(tools.azure, left.set);
  const record = readRecord(model.tags);
  if (!record && left.lifted.length + left.drained.length > 0) return putBackAlone(left, model, tools);
  if (record?.owner.token !== left.token) return nothing(whoseIsIt(record));
  if (!isHeld(record) && left.drained.length === 0 && !isPaused(record))
    return nothing(`the step ended by itself: ${record.state}`);
  const desk = deskFor(left, record, model, tools);
  const nodes = isHeld(record) ? await endRollout(record, desk) : await restoreAlone(desk);
  desk.word.end(nodes);
  const names = stillOut(nodes, desk).map(({ name }) => name);
  return howFarBack(names, desk.pauses.left, left.set.name);
}

/** Nodes that wait for nothing serve at once; then the model, which scale-outs get; then what Azure is still at work with. */
async function endRollout(basis: RolloutRecord, desk: Desk): Promise<readonly Node[]> {
  const { hold, pauses, model, record, tools, drain } = desk;
  const first = await look(desk);
  await restore(outIn(first, desk), first, drain, tools);
  await hold.ensure();
  if (busyIn(first, desk).length > 0) await releaseAsFarAsPossible({ record, modelImage: record.stable }, hold, tools);
  const nodes = await settled(first, desk);
  await hold.ensure(); // it may have become somebody else's meanwhile
  const outcome = tools.cancelled.aborted ? 'cancelled' : 'incomplete';
  const after = afterwards(record, { completed: false, whole: false, failed: false });
  await putBack(
    { basis, model },
    { outcome, out: outIn(nodes, desk), nodes, after },
    { ...tools, hold, pauses, drain },
  );
  return nodes;
}

/** The record is ended already: only nodes are left, and what could not be put back in time. */
async function restoreAlone(desk: Desk): Promise<readonly Node[]> {
  const { drain, tools, left, record, hold, pauses, model } = desk;
  const nodes = await settled(await look(desk), desk);
  assertStillOurs(readRecord((await readScaleSet(tools.azure, left.set)).tags), record.owner);
  await restore(outIn(nodes, desk), nodes, drain, tools);
  if (!pauses.isOpen) return nodes;
  await pauses.end('done', patienceOf(tools));
  await hold.giveBack({ policy: {}, image: model.image, stillPaused: pauses.left });
  return nodes;
}

const nothing = (reason: string): PutBack => ({ kind: 'nothing', reason });

const whoseIsIt = (record: RolloutRecord | undefined) =>
  record ? `another task has taken the rollout over since: ${record.state}` : 'the record is gone from the tags';
