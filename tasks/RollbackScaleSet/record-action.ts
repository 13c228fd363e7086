import { changeScaleSet, imagePatch } from '../common/azure/change-scale-set.ts';
import { readScaleSet, type ScaleSetModel, type ScaleSetRef } from '../common/azure/scale-set.ts';
import { lookAround } from '../common/execute/azure-means.ts';
import { ownerOf, type Tools } from '../common/execute/rollout-plan.ts';
import { Failure } from '../common/failure.ts';
import { missingRights, refuseMissing } from '../common/preflight/rights.ts';
import { assertSetUnlocked, setAsks } from '../common/preflight/rollout-rights.ts';
import { forgetRecord, hasRecord, readRecord, writeRecord } from '../common/record/codec.ts';
import { assertManual, changedMeanwhile } from '../common/record/moved.ts';
import { askHolder, assertMayTake, takenFrom } from '../common/record/ownership.ts';
import type { RolloutRecord } from '../common/record/record.ts';
import type { Node } from '../common/rollout/node.ts';
import { deed, type Next, type RecordAction } from './record-deeds.ts';

export interface RecordRequest {
  readonly set: ScaleSetRef;
  readonly action: RecordAction;
  readonly takeover: boolean;
}

/** How record, model and nodes stand when the action is done; no node is ever touched by one. */
export interface RecordResult {
  readonly request: RecordRequest;
  /** What was done, or why nothing was. */
  readonly sentence: string;
  readonly record: RolloutRecord | undefined;
  readonly modelImage: string;
  readonly nodes: readonly Node[];
}

/** How well the nodes are is no question of the record. */
const unasked = { health: { kind: 'none' }, autoscale: 'keep' } as const;

/** Shows or mends the record alone: for a fleet that somebody else has changed, or a run that left without a word. */
export async function actOnRecord(request: RecordRequest, tools: Tools): Promise<RecordResult> {
  const { azure } = tools;
  if (request.action !== 'show') await assertMayWrite(request, tools);
  const model = await readScaleSet(azure, request.set);
  const { nodes } = await lookAround({ set: request.set, ...unasked }, tools);
  const basis = request.action === 'forget' ? readIfReadable(model) : readRecord(model.tags);
  if (request.action !== 'show') await assertFree(request, basis, tools);
  const { sentence, next } = deed(request.action, request.set.name, { model, nodes, basis }, tools);
  if (!next) return { request, sentence, record: basis, modelImage: model.image, nodes };
  await write(request, basis, next, tools);
  return { request, sentence, record: next.record, modelImage: next.modelImage ?? model.image, nodes };
}

/** To forget a record is the way out when it cannot be read; one of a newer version is not ours to judge. */
function readIfReadable({ tags }: ScaleSetModel): RolloutRecord | undefined {
  try {
    return readRecord(tags);
  } catch (error) {
    if (error instanceof Failure && error.code === 'RecordUnreadable') return undefined;
    throw error;
  }
}

async function assertMayWrite({ set }: RecordRequest, { azure, observer: { remarked } }: Tools): Promise<void> {
  refuseMissing(azure, await missingRights(azure, setAsks(azure, { set, ...unasked }), remarked));
  await assertSetUnlocked(azure, { set, ...unasked }, remarked);
}

/** A run that is at work keeps its record, whatever is wished for it. */
async function assertFree({ takeover }: RecordRequest, basis: RolloutRecord | undefined, tools: Tools): Promise<void> {
  const now = tools.clock.now();
  const owner = ownerOf(tools.run, '', now);
  const holder = await askHolder(basis, owner, takeover, now, tools.askRun);
  assertMayTake(basis, owner, takeover, now, holder);
  if (basis && holder?.kind === 'ended') tools.observer.remarked(takenFrom(basis, holder.says));
}

async function write(
  { set, action }: RecordRequest,
  basis: RolloutRecord | undefined,
  { record, modelImage }: Next,
  { azure, clock, cancelled, observer }: Tools,
): Promise<void> {
  const text = (one: RolloutRecord | undefined) => JSON.stringify(one);
  await changeScaleSet(azure, set, clock, {
    what: `Writing the record (recordAction ${action})`,
    until: 'done',
    cancelled,
    remark: (line) => observer.remarked(line),
    update(model) {
      if (!record) {
        if (!hasRecord(model.tags)) return undefined;
        if (text(readIfReadable(model)) !== text(basis)) throw changedMeanwhile(set);
        return { tags: { ...forgetRecord(model.tags) } };
      }
      const current = readRecord(model.tags);
      if (current?.owner.token === record.owner.token) return undefined;
      if (text(current) !== text(basis)) throw changedMeanwhile(set);
      if (modelImage !== undefined) assertManual(set, model);
      return { ...(modelImage !== undefined && imagePatch(modelImage)), tags: { ...writeRecord(model.tags, record) } };
    },
  });
}
