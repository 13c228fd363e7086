import { Failure } from '../failure.ts';
import { type Errand, entryOf, noteBlindness, noteErrand, noteErrands, notePutBack } from '../rollout/logbook.ts';
import type { Step } from '../rollout/next-steps.ts';
import type { Job } from './job.ts';
import { takeStart, tickMs } from './pace.ts';
import { isPassing } from './passing.ts';
import { assertMayWait, putOff } from './put-off.ts';
import type { Turn } from './turn.ts';

type Start = Extract<Step, { nodeIds: readonly string[] }>;

/**
 * Carries out a step that takes nodes out of service. False when the fleet has to be looked at first: writing record and
 * model can take long while Azure is busy with the set, and what was decided before may be wrong by then.
 */
export async function start(step: Start, turn: Turn, job: Job): Promise<boolean> {
  if (step.kind === 'replace' && !takeStart(turn.pace, job.clock.now())) return true;
  if (!(await prepare(step, turn, job))) return false;
  if (job.cancelled.aborted || isOld(turn, job)) return false;
  await byKind[step.kind](step, turn, job);
  return true;
}

/** What was seen may have changed since, and so may whose rollout it is. */
const isOld = ({ situation, pages }: Turn, job: Job) => job.clock.now() - situation.now > tickMs(pages);

const byKind: Readonly<Record<Start['kind'], (step: Start, turn: Turn, job: Job) => Promise<void>>> = {
  drain: startDrains,
  replace: startReplacement,
  putBack,
};

/** Nodes whose drain failed serve again; what Azure does not take now is decided anew at the next look. */
async function putBack(step: Start, turn: Turn, job: Job): Promise<void> {
  job.observer.decided(step, turn.situation);
  for (const id of step.nodeIds) {
    const since = job.clock.now();
    try {
      await job.drain?.cancel(id);
      const now = job.clock.now();
      turn.logbook = notePutBack(noteBlindness(turn.logbook, now - since), id, now);
    } catch (error) {
      job.observer.remarked(await putOff(error, [id], turn, job));
    }
  }
}

/** Writes or reads record and model again. False when that meets something that passes: then nothing is begun this turn. */
async function prepare(step: Start, turn: Turn, job: Job): Promise<boolean> {
  try {
    await job.fleet.hold();
    if (step.kind === 'replace') await job.fleet.aim();
    return true;
  } catch (error) {
    job.observer.remarked(await putOff(error, [], turn, job));
    return false;
  }
}

/**
 * Begins to drain nodes, as many as it can before the look is old. It is noted before it is tried: a node whose drain has
 * perhaps begun must not be forgotten.
 */
async function startDrains(step: Start, turn: Turn, job: Job): Promise<void> {
  job.observer.decided(step, turn.situation);
  for (const id of step.nodeIds) {
    if (job.cancelled.aborted || isOld(turn, job)) return;
    const since = job.clock.now();
    turn.logbook = noteErrand(turn.logbook, id, { kind: 'draining', since, certain: false });
    turn.logbook = noteErrand(turn.logbook, id, await startDrain(id, since, turn, job));
  }
}

/**
 * After a passing failure nobody knows whether the drain has begun: its status tells, and then it is begun again. One that
 * Azure refuses is noted as such, and the planner decides what that means.
 */
async function startDrain(id: string, since: number, turn: Turn, job: Job): Promise<Errand> {
  try {
    await job.drain?.start(id);
    return { kind: 'draining', since, certain: true };
  } catch (error) {
    if (isPassing(error)) {
      job.observer.remarked(await putOff(error, [id], turn, job));
      return { kind: 'draining', since, certain: false };
    }
    if (error instanceof Failure) return { kind: 'drainFailed', since, note: error.message };
    throw error;
  }
}

/**
 * Asks for new disks in one call, at the pace that Azure allows; a call that it does not take now is made again. Nodes whose
 * protection is being lifted keep their place until the next look.
 */
async function startReplacement(order: Start, turn: Turn, job: Job): Promise<void> {
  const step = { ...order, nodeIds: await unprotected(order, turn, job) };
  if (step.nodeIds.length === 0) return;
  const since = job.clock.now();
  turn.pace = takeStart(turn.pace, since) ?? turn.pace;
  const start = await job.fleet.startReplacement(step.nodeIds, waysOf(step)).catch(async (error: unknown) => {
    job.observer.remarked(await putOff(error, step.nodeIds, turn, job));
  });
  if (start === 'busy') assertMayWait(turn, job);
  if (start === 'busy' || start === 'behindOurs') job.observer.decided({ kind: 'wait', reason: busy }, turn.situation);
  if (start !== 'accepted' && start !== 'unsure') return;
  job.observer.decided(step, turn.situation);
  const errand: Errand = { kind: 'replacing', since, certain: start === 'accepted' };
  turn.logbook = noteErrands(turn.logbook, step.nodeIds, errand);
}

const waysOf = (step: Start) => (step.kind === 'replace' && step.renews ? 'reimage' : 'upgrade');

async function unprotected({ nodeIds }: Start, turn: Turn, job: Job): Promise<readonly string[]> {
  try {
    const free = await job.fleet.unprotect(nodeIds);
    const held = nodeIds.filter((id) => !free.includes(id) && !entryOf(turn.logbook, id).errand);
    turn.logbook = noteErrands(turn.logbook, held, { kind: 'lifting', since: job.clock.now() });
    return free;
  } catch (error) {
    job.observer.remarked(await putOff(error, nodeIds, turn, job));
    return [];
  }
}

const busy = 'Azure takes no second call of this kind for this set now: waiting for the one that is open';
