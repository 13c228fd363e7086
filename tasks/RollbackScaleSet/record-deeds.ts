import type { ScaleSetModel } from '../common/azure/scale-set.ts';
import { ownerOf, type Tools } from '../common/execute/rollout-plan.ts';
import { Failure } from '../common/failure.ts';
import { assertConcrete } from '../common/preflight/model-image.ts';
import { hasRecord, pausedTags } from '../common/record/codec.ts';
import { isHeld, partsThatDiffer, type RolloutRecord, wayBackOf } from '../common/record/record.ts';
import { meaningOfPausedTags, notAsFound } from '../common/report/paused-text.ts';
import { imageName } from '../common/report/words.ts';
import { type Node, sameImage } from '../common/rollout/node.ts';

export type RecordAction = 'show' | 'adopt' | 'release' | 'forget';

export interface Found {
  readonly model: ScaleSetModel;
  readonly nodes: readonly Node[];
  readonly basis: RolloutRecord | undefined;
}

/** What the tags say from now on, no record being one answer; and what the model names, where that changes. */
export interface Next {
  readonly record: RolloutRecord | undefined;
  readonly modelImage?: string;
}

interface Deed {
  readonly sentence: string;
  readonly next?: Next;
}

/** What an action does to the record of a set, decided from what was found; `actOnRecord` writes it. */
export function deed(action: RecordAction, name: string, found: Found, tools: Tools): Deed {
  switch (action) {
    case 'show':
      return { sentence: found.basis ? `the record of ${name} is shown` : `${name} has no record` };
    case 'adopt':
      return adopt(name, found, tools);
    case 'release':
      return release(name, found, tools);
    case 'forget':
      return forget(name, found);
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

const mixed = (name: string, image: string, away: readonly Node[]) =>
  new Failure(
    'FleetNotOfOneImage',
    `Scale set ${name} cannot be adopted as it is: its model names ${image}, and ${away.map((node) => `${node.name} (${imageName(node.image)})`).join(', ')} ${away.length === 1 ? 'runs' : 'run'} something else`,
    'Bring the nodes onto one image first: UpgradeScaleSetNodes, or RollbackScaleSet with an image version id in `to`. Or forget the rollout with recordAction: forget.',
  );
