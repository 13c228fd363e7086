import { Failure } from '../failure.ts';
import { type Errand, noteErrand, noteErrands } from '../rollout/logbook.ts';
import type { Step } from '../rollout/next-steps.ts';
import type { Job } from './job.ts';
import { takeStart, tickMs } from './pace.ts';
import type { Turn } from './turn.ts';

type Start = Extract<Step, { kind: 'drain' | 'replace' }>;

/**
 * Carries out a step that takes nodes out of service. False when the fleet has to be looked at first: writing record and
 * model can take long while Azure is busy with the set, and what was decided before may be wrong by then.
 */
export async function start(step: Start, turn: Turn, job: Job): Promise<boolean> {
  if (step.kind === 'replace' && !takeStart(turn.pace, job.clock.now())) return true;
  await job.fleet.hold();
  if (step.kind === 'replace') await job.fleet.aim();
  if (job.cancelled.aborted || job.clock.now() - turn.situation.now > tickMs(turn.pages)) return false;
  if (step.kind === 'drain') await startDrains(step, turn, job);
  else await startReplacement(step, turn, job);
  return true;
}

/** Begins to drain nodes; one that Azure refuses is noted as such, and the planner decides what that means. */
async function startDrains(step: Start, turn: Turn, job: Job): Promise<void> {
  job.observer.decided(step, turn.situation);
  for (const id of step.nodeIds) {
    if (job.cancelled.aborted) return;
    turn.logbook = noteErrand(turn.logbook, id, await startDrain(id, job));
  }
}

async function startDrain(id: string, job: Job): Promise<Errand> {
  const since = job.clock.now();
  try {
    await job.drain?.start(id);
    return { kind: 'draining', since };
  } catch (error) {
    if (error instanceof Failure) return { kind: 'drainFailed', since, note: error.message };
    throw error;
  }
}

/** Asks for new disks in one call, at the pace that Azure allows; a call that it does not take now is made again. */
async function startReplacement(step: Start, turn: Turn, job: Job): Promise<void> {
  const since = job.clock.now();
  turn.pace = takeStart(turn.pace, since) ?? turn.pace;
  const start = await job.fleet.startReplacement(step.nodeIds);
  if (start === 'busy') {
    job.observer.decided({ kind: 'wait', reason: busy }, turn.situation);
    return;
  }
  job.observer.decided(step, turn.situation);
  const errand: Errand = { kind: 'replacing', since, certain: start === 'accepted' };
  turn.logbook = noteErrands(turn.logbook, step.nodeIds, errand);
}

const busy = 'Azure takes no second upgrade call of this set now: waiting for the one that is open';
