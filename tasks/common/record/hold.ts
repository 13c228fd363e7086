import type { Azure } from '../azure/connect.ts';
import { changeScaleSet, imagePatch, readScaleSet, type ScaleSetModel, type ScaleSetRef } from '../azure/scale-set.ts';
import type { Clock } from '../clock.ts';
import type { RunState } from '../devops/run-state.ts';
import { Failure } from '../failure.ts';
import { sameImage } from '../rollout/node.ts';
import { readRecord, writeRecord } from './codec.ts';
import { choices, modelDrifted } from './drift.ts';
import { assertMayTake, assertStillOurs } from './ownership.ts';
import { isGoingBack, isHeld, partsThatDiffer, type RecordState, type RolloutRecord } from './record.ts';

/** One run's hold on the rollout of one scale set: every write of record and model goes through here. */
export interface Hold {
  /** Writes the record before the first change; from then on reads it again and throws when it is not ours. */
  ensure(): Promise<void>;
  /** Makes the model name the image that the nodes are brought to. */
  aim(): Promise<void>;
  /** Writes how many checkpoints are passed: a run that comes later does not wait at them again. */
  pass(passed: number): Promise<void>;
  /** Writes how it ended and the image that scale-outs get from now on, in one write. Nothing when nothing was begun. */
  release(ending: HoldEnding): Promise<void>;
  readonly begun: boolean;
}

export interface HoldEnding {
  readonly record: RolloutRecord;
  /** Undefined leaves the model as it is. */
  readonly modelImage: string | undefined;
  readonly until: 'done' | 'accepted';
}

export interface HoldRequest {
  readonly azure: Azure;
  readonly set: ScaleSetRef;
  readonly clock: Clock;
  /** The record that the plan was made from. */
  readonly basis: RolloutRecord | undefined;
  readonly record: RolloutRecord;
  readonly takeover: boolean;
  /** What is known of the run that holds the rollout, when it is another. */
  readonly holder?: RunState;
  /** What others change in the model beside the image is taken in, and said. */
  readonly allowModelDrift: boolean;
  /** Nothing is brought to nodes: what others changed is left for the next run to see. */
  readonly startsNothing?: true;
  readonly cancelled: AbortSignal;
  readonly remark: (text: string) => void;
  /** Called before the first write: what has to be known of it, should this process not see its answer. */
  readonly beginning: () => void;
}

export function holdOn(request: HoldRequest): Hold {
  const { azure, set, clock, basis, takeover, cancelled, remark } = request;
  /** As it is written from now on: with the model as it was last taken in. */
  let { record } = request;
  /** A write of ours may have reached Azure, even when its answer never came. */
  let begun = false;
  let held = false;
  let aimed = false;
  let latest: number | undefined;
  /** What the model may name without somebody else having written it. */
  const ours = new Set([record.target, record.stable].map((image) => image.toLowerCase()));
  return {
    get begun() {
      return begun;
    },
    ensure,
    async aim() {
      if (aimed) return;
      const goal = goalOf(record);
      await changeScaleSet(azure, set, clock, {
        what: 'Pointing the model at the image',
        until: 'done',
        cancelled,
        remark,
        update(model) {
          assertStillOurs(readRecord(model.tags), record.owner);
          takeIn(model);
          return sameImage(model.image, goal) ? undefined : imagePatch(goal);
        },
      });
      aimed = true;
    },
    async pass(passed) {
      await ensure();
      await changeScaleSet(azure, set, clock, {
        what: 'Writing a passed checkpoint into the tags',
        until: 'done',
        cancelled,
        remark,
        update(model) {
          const current = readRecord(model.tags);
          assertStillOurs(current, record.owner);
          return current?.passed === passed
            ? undefined
            : { tags: { ...writeRecord(model.tags, { ...record, passed }) } };
        },
      });
      latest = passed;
    },
    async release(ending) {
      if (!begun) return;
      await changeScaleSet(azure, set, clock, {
        what: 'Writing the end of the rollout into the tags',
        until: ending.until,
        cancelled,
        remark,
        update(model) {
          const current = readRecord(model.tags);
          if (!held && current?.owner.token !== record.owner.token) return undefined;
          assertStillOurs(current, record.owner);
          // An image that somebody else wrote meanwhile is theirs to take back.
          const goal = ending.modelImage ?? model.image;
          const mayWrite = ours.has(model.image.toLowerCase()) && !sameImage(model.image, goal);
          const image = mayWrite ? imagePatch(goal) : {};
          if (current?.state === ending.record.state && Object.keys(image).length === 0) return undefined;
          const passed = latest ?? ending.record.passed;
          const { model: taken } = record;
          const written = { ...ending.record, ...(taken && { model: taken }), ...(passed !== undefined && { passed }) };
          return { ...image, tags: { ...writeRecord(model.tags, written) } };
        },
      });
    },
  };

  async function ensure(): Promise<void> {
    if (held) return verify();
    await claim();
    held = true;
  }

  async function verify(): Promise<void> {
    const model = await readScaleSet(azure, set);
    assertStillOurs(readRecord(model.tags), record.owner);
    takeIn(model);
    if (aimed && !sameImage(model.image, goalOf(record))) throw modelMoved(set, model.image, record);
  }

  /** An upgrade applies the whole model: what somebody changed in it meanwhile was not asked for. */
  function takeIn(model: ScaleSetModel): void {
    const parts = partsThatDiffer(record.model, model.print);
    if (parts.length === 0 || request.startsNothing) return;
    if (!request.allowModelDrift) throw modelDrifted(set.name, record, parts);
    remark(`somebody changed the model in ${parts.join(', ')}: taken in, as allowModelDrift says`);
    record = { ...record, model: model.print };
  }

  async function claim(): Promise<void> {
    await changeScaleSet(azure, set, clock, {
      what: 'Writing the rollout record into the tags',
      until: 'done',
      cancelled,
      remark,
      update(model) {
        const current = readRecord(model.tags);
        if (current?.owner.token === record.owner.token) return undefined;
        assertMayTake(current, record.owner, takeover, clock.now(), request.holder);
        if (JSON.stringify(current) !== JSON.stringify(basis)) throw changedMeanwhile(set);
        takeIn(model);
        const tags = { ...writeRecord(model.tags, record) };
        ours.add(model.image.toLowerCase());
        if (!begun) request.beginning();
        begun = true;
        return { tags };
      },
    });
  }
}

/** The image that the nodes are brought to. */
export const goalOf = (record: RolloutRecord) => (isGoingBack(record) ? record.stable : record.target);

/**
 * The record and the model's image when a task ends. While stages are to come, the model names the proven image, so
 * that a scale-out during an approval starts what was approved; unless it was asked otherwise.
 */
export function afterwards(
  record: RolloutRecord,
  ended: { readonly completed: boolean; readonly whole: boolean; readonly failed: boolean },
  scaleOutImage: 'stable' | 'new' = 'stable',
): { readonly record: RolloutRecord; readonly modelImage: string } {
  const { target, stable } = record;
  const state = stateAfter(record, ended);
  if (state === 'waiting' && scaleOutImage === 'new')
    return { record: { ...record, state, scaleOut: 'new' }, modelImage: target };
  if (state !== 'whole') return { record: { ...record, state }, modelImage: stable };
  const previous = sameImage(stable, target) ? record.previous : stable;
  return {
    record: { ...record, state, stable: target, ...(previous !== undefined && { previous }) },
    modelImage: target,
  };
}

function stateAfter(
  record: RolloutRecord,
  ended: { completed: boolean; whole: boolean; failed: boolean },
): RecordState {
  if (!isHeld(record)) throw new TypeError(`a record in state ${record.state} cannot end`);
  if (record.state === 'rollingBack') return ended.completed ? 'rolledBack' : 'backPending';
  if (ended.completed) return ended.whole ? 'whole' : 'waiting';
  return ended.failed ? 'halted' : 'stopped';
}

/** An upgrade call brings nodes onto whatever the model names at that moment. */
const modelMoved = (set: ScaleSetRef, image: string, record: RolloutRecord) =>
  new Failure(
    'ModelChangedByOthers',
    `Another tool changed the image of scale set ${set.name} to ${image || 'a marketplace image'} while rollout ${record.rolloutId} brings ${goalOf(record)}`,
    `Nothing more was started. Find out who wrote the model (Activity log). ${choices(record)}`,
  );

export const changedMeanwhile = (set: ScaleSetRef) =>
  new Failure(
    'RolloutChangedMeanwhile',
    `The rollout record of scale set ${set.name} changed between planning and the first step`,
    'Another run worked on this scale set at the same moment. Look at its result, then run the task again.',
  );
