import { changeProfiles } from '../azure/autoscale.ts';
import type { Azure } from '../azure/connect.ts';
import { switchRepairs } from '../azure/repairs.ts';
import { readScaleSet, type ScaleSetRef } from '../azure/scale-set.ts';
import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { Paused, RolloutRecord } from '../record/record.ts';
import type { Lifts } from './lifts.ts';
import { pinned, unpinned } from './pin.ts';
import { type PolicyLook, readPolicyLook } from './policy-look.ts';

/** Tries again what meets a failure that passes, within the time that there is. */
export type Patiently = (act: () => Promise<void>, what: string) => Promise<void>;

/** What is paused for the time of one task. The record says what was found before anything is paused. */
export interface Pauses {
  /** Pauses automatic repairs and autoscale as far as the record names them; once. */
  begin(): Promise<void>;
  /** Puts both back, and protection that was lifted. What can't be is said aloud, and stays among what is left. */
  end(until: 'done' | 'accepted', patiently: Patiently): Promise<void>;
  /** What of the upgrade policy may be given back as the fleet is now. */
  lookAtPolicy(): Promise<PolicyLook>;
  /** Is something paused that the end of a task puts back? */
  readonly isOpen: boolean;
  /** What is not as it was found. */
  readonly left: Paused | undefined;
}

export interface PauseRequest {
  readonly azure: Azure;
  readonly set: ScaleSetRef;
  readonly clock: Clock;
  readonly cancelled: AbortSignal;
  readonly remark: (text: string, about?: 'paused' | 'restored') => void;
  readonly record: RolloutRecord;
  readonly basis: RolloutRecord | undefined;
  readonly lifts: Lifts;
}

/** How long a task that is about to be killed waits for what it puts back. */
const lastMomentMs = 2_000;

export function pausesOf(request: PauseRequest): Pauses {
  const { record, basis, clock, cancelled, remark, lifts } = request;
  const { repairs, autoscale, protection: _frozen, ...policy } = record.paused ?? {};
  /** Ours, or of an earlier run that could not put it back. */
  const open = {
    repairs: basis?.paused?.repairs === true && repairs === true,
    autoscale: basis?.paused?.autoscale !== undefined && autoscale !== undefined,
  };
  /** Azure was asked to suspend and has not said that it did: it may do so later than we look. */
  let suspending = false;
  let begun = false;
  return {
    async begin() {
      if (begun || cancelled.aborted) return;
      if (repairs) {
        open.repairs = true;
        suspending = true;
        await suspend(request);
        suspending = false;
      }
      if (cancelled.aborted) return;
      if (autoscale !== undefined) {
        open.autoscale = true;
        await pin(autoscale, request);
      }
      begun = true;
    },
    async end(until, patiently) {
      const work = Promise.all([
        open.repairs &&
          tried(() => patiently(() => resume(until, suspending, request), repairsStay), repairsStay, remark),
        open.autoscale &&
          autoscale !== undefined &&
          tried(() => patiently(() => unpin(autoscale, request), autoscaleStays), autoscaleStays, remark),
        lifts.open.length > 0 && tried(() => lifts.end(until, patiently), protectionLacks, remark),
      ]).then(([resumed, unpinned]) => {
        // What may still come true is left to the next run, as the record then says.
        if (resumed && !suspending) open.repairs = false;
        if (unpinned) open.autoscale = false;
      });
      await (until === 'done' ? work : Promise.race([work, clock.sleep(lastMomentMs)]));
    },
    lookAtPolicy: () => readPolicyLook(request, policy),
    get isOpen() {
      return open.repairs || open.autoscale || lifts.open.length > 0;
    },
    get left() {
      const left: Paused = {
        ...policy,
        ...(open.repairs && { repairs: true }),
        ...(open.autoscale && autoscale !== undefined && { autoscale }),
        ...(lifts.open.length > 0 && { protection: lifts.open }),
      };
      return Object.keys(left).length > 0 ? left : undefined;
    },
  };
}

async function suspend({ azure, set, clock, cancelled, remark }: PauseRequest): Promise<void> {
  await switchRepairs(azure, set, { to: 'Suspended', until: 'done', clock, cancelled });
  remark('automatic repairs are suspended until this task ends: a node that drains looks sick', 'paused');
}

/** Not given up when the run is cancelled: whoever calls bounds the wait. */
async function resume(
  until: 'done' | 'accepted',
  evenIfTheyRun: boolean,
  { azure, set, clock, remark }: PauseRequest,
): Promise<void> {
  const cancelled = new AbortController().signal;
  await switchRepairs(azure, set, { to: 'Running', until, evenIfSo: evenIfTheyRun, clock, cancelled });
  remark('automatic repairs run again', 'restored');
}

/** The number of nodes may change between the look and the write: then it is written anew, or autoscale would undo it. */
async function pin(name: string, { azure, set, clock, record, remark }: PauseRequest): Promise<void> {
  let { capacity } = await readScaleSet(azure, set);
  for (let attempt = 1; ; attempt += 1) {
    const pinnedAt = { capacity, from: clock.now() - 60_000, until: record.owner.expires };
    await changeProfiles(azure, set, name, (profiles) => pinned(profiles, pinnedAt));
    const now = await readScaleSet(azure, set);
    if (now.capacity === capacity || attempt === 3) break;
    capacity = now.capacity;
  }
  remark(
    `autoscale is paused: setting ${name} holds ${capacity} nodes until this task ends, or ${new Date(record.owner.expires).toISOString()} if it can't`,
    'paused',
  );
}

async function unpin(name: string, { azure, set, remark }: PauseRequest): Promise<void> {
  await changeProfiles(azure, set, name, unpinned);
  remark(`autoscale setting ${name} is as it was`, 'restored');
}

const repairsStay = 'automatic repairs could not be put back';
const autoscaleStays = 'autoscale could not be put back';
const protectionLacks = 'not every protection could be given back';

/** What a person must know when it fails; the rollout has ended as it has, all the same. */
async function tried(work: () => Promise<void>, what: string, remark: PauseRequest['remark']): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    remark(`${what}, and the record says so: ${error.message}`, 'paused');
    return false;
  }
}
