import type { Azure } from '../azure/connect.ts';
import type { ScaleSetModel, ScaleSetRef } from '../azure/scale-set.ts';
import type { Clock } from '../clock.ts';
import type { RunState } from '../devops/run-state.ts';
import { ensure, takeIn } from './claim.ts';
import { readRecord, writeRecord } from './codec.ts';
import { assertNotAnothers, type Grip, gripOn, isOurs, point, write } from './grip.ts';
import { assertManual } from './moved.ts';
import { assertStillOurs } from './ownership.ts';
import { goalOf, type Paused, type RolloutRecord } from './record.ts';
import { giveBack, release } from './release.ts';

/** One run's hold on the rollout of one scale set: every write of record and model goes through here. */
export interface Hold {
  /** Writes the record before the first change; from then on reads it again and throws when it is not ours. */
  ensure(purpose?: 'ending'): Promise<void>;
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
  /** The record and the model that the plan was made from. */
  readonly basis: RolloutRecord | undefined;
  readonly model: Pick<ScaleSetModel, 'image'>;
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
  const grip = gripOn(request);
  return {
    get begun() {
      return grip.begun;
    },
    get image() {
      return grip.image;
    },
    // What others changed in the model keeps nobody from writing how it ended: the next run sees it.
    ensure: (purpose) => ensure(grip, purpose === 'ending' ? { ...request, startsNothing: true } : request),
    aim: () => aim(grip, request),
    pointBack: (goal, until) => pointBack(grip, request, goal, until),
    pass: (passed) => pass(grip, request, passed),
    release: (ending) => release(grip, request, ending),
    giveBack: (policy) => giveBack(grip, request, policy),
  };
}

async function aim(grip: Grip, request: HoldRequest): Promise<void> {
  if (grip.aimed) return;
  await point(grip, request, goalOf(grip.record), (model) => {
    assertStillOurs(readRecord(model.tags), grip.record.owner);
    takeIn(grip, request, model);
    assertManual(request.set, model);
    return true;
  });
  grip.aimed = true;
}

const pointBack = (grip: Grip, request: HoldRequest, goal: string, until: HoldEnding['until']): Promise<void> =>
  point(
    grip,
    request,
    goal,
    (model) => {
      assertNotAnothers(grip, readRecord(model.tags));
      return isOurs(grip, model) && model.upgradeMode === 'Manual'; // else the end of the task says it
    },
    until,
  );

async function pass(grip: Grip, request: HoldRequest, passed: number): Promise<void> {
  await ensure(grip, request);
  await write(request, 'Writing a passed checkpoint into the tags', (model) => {
    const current = readRecord(model.tags);
    assertStillOurs(current, grip.record.owner);
    return current?.passed === passed
      ? undefined
      : { tags: { ...writeRecord(model.tags, { ...grip.record, passed }) } };
  });
  grip.passed = passed;
}
