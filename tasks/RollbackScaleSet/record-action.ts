import { changeScaleSet, imagePatch } from '../common/azure/change-scale-set.ts';
import { readScaleSet, type ScaleSetModel, type ScaleSetRef } from '../common/azure/scale-set.ts';
import { lookAround } from '../common/execute/azure-means.ts';
import { ownerOf, type Tools } from '../common/execute/rollout-plan.ts';
import { Failure } from '../common/failure.ts';
import { assertConcrete } from '../common/preflight/model-image.ts';
import { missingRights, refuseMissing } from '../common/preflight/rights.ts';
import { assertSetUnlocked, setAsks } from '../common/preflight/rollout-rights.ts';
import { forgetRecord, hasRecord, pausedTags, readRecord, writeRecord } from '../common/record/codec.ts';
import { changedMeanwhile } from '../common/record/moved.ts';
import { askHolder, assertMayTake, takenFrom } from '../common/record/ownership.ts';
import { isHeld, partsThatDiffer, type RolloutRecord, wayBackOf } from '../common/record/record.ts';
import { meaningOfPausedTags, notAsFound } from '../common/report/paused-text.ts';
import { imageName } from '../common/report/words.ts';
import { type Node, sameImage } from '../common/rollout/node.ts';

export type RecordAction = 'show' | 'adopt' | 'release' | 'forget';

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
  const { sentence, next } = deed(request, { model, nodes, basis }, tools);
  if (!next) return { request, sentence, record: basis, modelImage: model.image, nodes };
  await write(request, basis, next, tools);
  return { request, sentence, record: next.record, modelImage: next.modelImage ?? model.image, nodes };
}

interface Found {
  readonly model: ScaleSetModel;
  readonly nodes: readonly Node[];
  readonly basis: RolloutRecord | undefined;
}

/** What the tags say from now on, no record being one answer; and what the model names, where that changes. */
interface Next {
  readonly record: RolloutRecord | undefined;
  readonly modelImage?: string;
}

interface Deed {
  readonly sentence: string;
  readonly next?: Next;
}

function deed({ action, set }: RecordRequest, found: Found, tools: Tools): Deed {
  switch (action) {
    case 'show':
      return { sentence: found.basis ? `the record of ${set.name} is shown` : `${set.name} has no record` };
    case 'adopt':
      return adopt(set.name, found, tools);
    case 'release':
      return release(set.name, found, tools);
    case 'forget':
      return forget(set.name, found);
  }
}

/** The fleet as it is becomes the proven state: only one that is of one image, which the model names too, is a state. */
function adopt(name: string, { model, nodes, basis }: Found, tools: Tools): Deed {
  assertConcrete(name, model.image);
  const away = nodes.filter(({ image, provisioning }) => provisioning !== 'deleting' && !sameImage(image, model.image));
  if (away.length > 0) throw mixed(name, model.image, away);
  const isSo = basis?.state === 'whole' && sameImage(basis.stable, model.image);
  if (isSo && basis.model && partsThatDiffer(basis.model, model.print).length === 0)
    return { sentence: `the record of ${name} says so already: every node runs ${imageName(model.image)}` };
  const before = [basis && wayBackOf(basis), basis?.previous].find((image) => image && !sameImage(image, model.image));
  const record: RolloutRecord = {
    rolloutId: tools.newId(),
    state: 'whole',
    target: model.image,
    stable: model.image,
    ...(before !== undefined && { previous: before }),
    stage: '100%',
    wanted: 'all',
    sick: [],
    model: model.print,
    ...(basis?.paused && { paused: basis.paused }),
    owner: ownerOf(tools.run, tools.newId(), tools.clock.now()),
  };
  return {
    sentence: `the fleet of ${name} is adopted: ${imageName(model.image)} is its proven image`,
    next: { record },
  };
}

/** Nobody holds the rollout any more, and a node that scales out gets the proven image. */
function release(name: string, { model, basis }: Found, tools: Tools): Deed {
  if (!basis || !isHeld(basis)) return { sentence: `nobody holds a rollout of ${name}: nothing was to be released` };
  const record: RolloutRecord = {
    ...basis,
    state: basis.state === 'rolling' ? 'stopped' : 'backPending',
    // Ours, so that a run which is not as dead as it seemed finds that it has lost the rollout.
    owner: ownerOf(tools.run, tools.newId(), tools.clock.now()),
  };
  const pointsAway = sameImage(model.image, basis.target) && !sameImage(basis.stable, basis.target);
  return {
    sentence: `rollout ${basis.rolloutId} of ${name} is released by run ${basis.owner.name}${pointsAway ? `, and the model names ${imageName(basis.stable)} again` : ''}. Nodes that it left drained serve again with the next UpgradeScaleSetNodes or RollbackScaleSet`,
    next: { record, ...(pointsAway && { modelImage: basis.stable }) },
  };
}

/** Model and nodes stay as they are, and nobody remembers why. */
function forget(name: string, { model, basis }: Found): Deed {
  if (!hasRecord(model.tags)) return { sentence: `${name} has no record: nothing was to be forgotten` };
  const left = basis ? notAsFound(basis.paused ?? {}, name) : unreadTags(model);
  const paused = left === '' ? '' : `. Not as it was found, and nobody remembers it now: ${left}`;
  return {
    sentence: `the record of ${name} is forgotten; model and nodes are left as they are${paused}`,
    next: { record: undefined },
  };
}

/** Of a record that cannot be read, a person gets to see what its tags say was paused or lifted: they are the only note of it. */
function unreadTags({ tags }: ScaleSetModel): string {
  const said = Object.entries(pausedTags(tags)).map(([name, value]) => `${name} is "${value}"`);
  if (said.length === 0) return '';
  return `${said.join(', ')} (the record could not be read; see to it by hand: ${meaningOfPausedTags})`;
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
      return { ...(modelImage !== undefined && imagePatch(modelImage)), tags: { ...writeRecord(model.tags, record) } };
    },
  });
}

const mixed = (name: string, image: string, away: readonly Node[]) =>
  new Failure(
    'FleetNotOfOneImage',
    `Scale set ${name} cannot be adopted as it is: its model names ${image}, and ${away.map((node) => `${node.name} (${imageName(node.image)})`).join(', ')} ${away.length === 1 ? 'runs' : 'run'} something else`,
    'Bring the nodes onto one image first: UpgradeScaleSetNodes, or RollbackScaleSet with an image version id in `to`. Or forget the rollout with recordAction: forget.',
  );
