import { changeScaleSet, imagePatch } from '../azure/change-scale-set.ts';
import type { Azure } from '../azure/connect.ts';
import { readScaleSet, type ScaleSetModel, type ScaleSetRef } from '../azure/scale-set.ts';
import { formerPolicy, manualPolicy } from '../azure/upgrade-policy.ts';
import type { Clock } from '../clock.ts';
import type { RunState } from '../devops/run-state.ts';
import { Failure } from '../failure.ts';
import { sameImage } from '../rollout/node.ts';
import { readRecord, writeRecord } from './codec.ts';
import { choices, modelDrifted } from './drift.ts';
import { assertMayTake, assertStillOurs } from './ownership.ts';
import { isGoingBack, type Paused, partsThatDiffer, type RolloutRecord, withPaused } from './record.ts';

/** One run's hold on the rollout of one scale set: every write of record and model goes through here. */
export interface Hold {
  /** Writes the record before the first change; from then on reads it again and throws when it is not ours. */
  ensure(): Promise<void>;
  /** Makes the model name the image that the nodes are brought to. */
  aim(): Promise<void>;
  /** Makes it name another one, at the end of a task and before repairs and autoscale may make nodes of it. */
  pointBack(image: string, until: HoldEnding['until']): Promise<void>;
  /** Writes how many checkpoints are passed: a run that comes later does not wait at them again. */
  pass(passed: number): Promise<void>;
  /** Writes how it ended and the image that scale-outs get from now on, in one write. Nothing when nothing was begun. */
  release(ending: HoldEnding): Promise<void>;
  /** After the end: gives a former upgrade policy back, and writes what is still paused by the same write. */
  giveBack(policy: GivenBack): Promise<void>;
  readonly begun: boolean;
  /** What the model named when it was last read or written by us. */
  readonly image: string | undefined;
}

export interface GivenBack {
  readonly policy: Pick<Paused, 'upgradeMode' | 'osUpgrades'>;
  /** The image that the model names, or it is not given back. */
  readonly image: string;
  readonly stillPaused: Paused | undefined;
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
  let image: string | undefined;
  /** What the model may name without somebody else having written it. */
  const ours = new Set([record.target, record.stable].map((image) => image.toLowerCase()));
  return {
    get begun() {
      return begun;
    },
    get image() {
      return image;
    },
    ensure,
    async aim() {
      if (aimed) return;
      await point(goalOf(record), 'done', (model) => {
        assertStillOurs(readRecord(model.tags), record.owner);
        takeIn(model);
        return true;
      });
      aimed = true;
    },
    pointBack: (goal, until) =>
      point(goal, until, (model) => {
        assertNotAnothers(readRecord(model.tags));
        return isOurs(model);
      }),
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
          assertNotAnothers(current);
          // An image that somebody else wrote meanwhile is theirs to take back.
          const goal = ending.modelImage ?? model.image;
          const mayWrite = isOurs(model) && !sameImage(model.image, goal);
          if (!current) return mayWrite ? imagePatch(goal) : undefined;
          if (isWritten(current, ending.record) && !mayWrite) return undefined;
          // A rollout that is to be taken back has no checkpoints any more.
          const passed = ending.record.checkpoints && (latest ?? ending.record.passed);
          const { model: taken } = record;
          const written = { ...ending.record, ...(taken && { model: taken }), ...(passed !== undefined && { passed }) };
          return { ...(mayWrite && imagePatch(goal)), tags: { ...writeRecord(model.tags, written) } };
        },
      });
    },
    async giveBack({ policy, image: seen, stillPaused }) {
      await changeScaleSet(azure, set, clock, {
        what: 'Giving the former upgrade policy back',
        until: 'done',
        cancelled,
        remark,
        update(model) {
          const current = readRecord(model.tags);
          if (begun) assertStillOurs(current, record.owner);
          if (current === undefined || samePaused(current.paused, stillPaused)) return undefined;
          // Where nothing was begun it is the record of a finished rollout: it stays as it was found in all else.
          if (!begun && JSON.stringify(current) !== JSON.stringify(basis)) throw changedMeanwhile(set);
          if (Object.keys(policy).length > 0 && !sameImage(model.image, seen))
            throw modelMoved(set, model.image, record);
          return { ...formerPolicy(policy), tags: { ...writeRecord(model.tags, withPaused(current, stillPaused)) } };
        },
      });
    },
  };

  /** Where somebody deleted the record, nobody else has the rollout: the model at least is put back. */
  function assertNotAnothers(current: RolloutRecord | undefined): void {
    if (current) assertStillOurs(current, record.owner);
  }

  function isOurs(model: ScaleSetModel): boolean {
    return ours.has(model.image.toLowerCase());
  }

  async function point(
    goal: string,
    until: HoldEnding['until'],
    mayWrite: (model: ScaleSetModel) => boolean,
  ): Promise<void> {
    await changeScaleSet(azure, set, clock, {
      what: 'Pointing the model at the image',
      until,
      cancelled,
      remark,
      update(model) {
        image = model.image;
        return mayWrite(model) && !sameImage(model.image, goal) ? imagePatch(goal) : undefined;
      },
    });
  }

  async function ensure(): Promise<void> {
    if (held) return verify();
    await claim();
    held = true;
  }

  async function verify(): Promise<void> {
    const model = await readScaleSet(azure, set);
    image = model.image;
    assertStillOurs(readRecord(model.tags), record.owner);
    takeIn(model);
    if (model.upgradeMode !== 'Manual') throw policyMoved(set, model.upgradeMode);
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
        image = model.image;
        if (current?.owner.token === record.owner.token) return undefined;
        assertMayTake(current, record.owner, takeover, clock.now(), request.holder);
        if (JSON.stringify(current) !== JSON.stringify(basis)) throw changedMeanwhile(set);
        takeIn(model);
        const tags = { ...writeRecord(model.tags, record) };
        ours.add(model.image.toLowerCase());
        if (!begun) request.beginning();
        begun = true;
        // One write says what was found and switches it: nobody is left to wonder in between.
        return { ...manualPolicy(model, record.paused), tags };
      },
    });
  }
}

/** The image that the nodes are brought to. */
export const goalOf = (record: RolloutRecord) => (isGoingBack(record) ? record.stable : record.target);

/** Is it in the tags already, as far as an ending tells one record of a run from another? */
const isWritten = (current: RolloutRecord | undefined, { state, paused }: RolloutRecord) =>
  current?.state === state && samePaused(current.paused, paused);

const samePaused = (one: Paused | undefined, other: Paused | undefined) =>
  pausedText(one ?? {}) === pausedText(other ?? {});

const pausedText = ({ repairs, autoscale, upgradeMode, osUpgrades }: Paused) =>
  JSON.stringify([repairs, autoscale, upgradeMode, osUpgrades]);

/** An upgrade call brings nodes onto whatever the model names at that moment. */
const modelMoved = (set: ScaleSetRef, image: string, record: RolloutRecord) =>
  new Failure(
    'ModelChangedByOthers',
    `Another tool changed the image of scale set ${set.name} to ${image || 'a marketplace image'} while rollout ${record.rolloutId} brings ${goalOf(record)}`,
    `Nothing more was started. Find out who wrote the model (Activity log). ${choices(record)}`,
  );

const policyMoved = (set: ScaleSetRef, mode: string) =>
  new Failure(
    'UpgradePolicyWouldRoll',
    `Somebody switched the upgrade policy of scale set ${set.name} to "${mode}" while a rollout is open: Azure itself would roll every node as soon as the image is written`,
    'Nothing more was started. Find out who wrote it (Activity log), set it back to Manual, then run the task again.',
  );

export const changedMeanwhile = (set: ScaleSetRef) =>
  new Failure(
    'RolloutChangedMeanwhile',
    `The rollout record of scale set ${set.name} changed between planning and the first step`,
    'Another run worked on this scale set at the same moment. Look at its result, then run the task again.',
  );
