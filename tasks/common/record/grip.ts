import { type Change, changeScaleSet, imagePatch } from '../azure/change-scale-set.ts';
import type { ScaleSetModel } from '../azure/scale-set.ts';
import { sameImage } from '../rollout/node.ts';
import type { HoldEnding, HoldRequest } from './hold.ts';
import { assertStillOurs } from './ownership.ts';
import type { RolloutRecord } from './record.ts';

/** What one run knows of its hold, as it changes. */
export interface Grip {
  /** As it is written from now on: with the model as it was last taken in. */
  record: RolloutRecord;
  /** A write of ours may have reached Azure, even when its answer never came. */
  begun: boolean;
  held: boolean;
  aimed: boolean;
  /** Checkpoints passed, when this run has written that. */
  passed?: number;
  /** What the model named when it was last read or written by us. */
  image?: string;
  /** What the model may name without somebody else having written it, in small letters. */
  readonly ours: Set<string>;
}

export const gripOn = ({ record }: HoldRequest): Grip => ({
  record,
  begun: false,
  held: false,
  aimed: false,
  ours: new Set([record.target, record.stable].map((image) => image.toLowerCase())),
});

/** Writes what `update` makes of the scale set, by the same rules each time. */
export async function write(
  { azure, set, clock, cancelled, remark }: HoldRequest,
  what: string,
  update: Change['update'],
  until: HoldEnding['until'] = 'done',
): Promise<void> {
  await changeScaleSet(azure, set, clock, { what, until, cancelled, remark, update });
}

/** Points the model at an image, unless it names it already or `mayWrite` says no. */
export const point = (
  grip: Grip,
  request: HoldRequest,
  goal: string,
  mayWrite: (model: ScaleSetModel) => boolean,
  until: HoldEnding['until'] = 'done',
): Promise<void> =>
  write(
    request,
    'Pointing the model at the image',
    (model) => {
      grip.image = model.image;
      return mayWrite(model) && !sameImage(model.image, goal) ? imagePatch(goal) : undefined;
    },
    until,
  );

/** Where somebody deleted the record, nobody else has the rollout: the model at least is put back. */
export function assertNotAnothers({ record }: Grip, current: RolloutRecord | undefined): void {
  if (current) assertStillOurs(current, record.owner);
}

export const isOurs = ({ ours }: Grip, model: ScaleSetModel): boolean => ours.has(model.image.toLowerCase());
