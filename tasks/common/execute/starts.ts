import { Failure } from '../failure.ts';
import { type Errand, noteErrand } from '../rollout/logbook.ts';
import type { Job } from './job.ts';
import { takeStart } from './pace.ts';
import type { Turn } from './turn.ts';

/** Begins to drain nodes; one that Azure refuses is noted as such, and the planner decides what that means. */
export async function startDrains(nodeIds: readonly string[], turn: Turn, job: Job): Promise<void> {
  await job.fleet.hold();
  for (const id of nodeIds) turn.logbook = noteErrand(turn.logbook, id, await startDrain(id, job));
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

/** Asks for new disks in one call, when the pace allows another call now; else the next turn asks. */
export async function startReplacement(nodeIds: readonly string[], turn: Turn, job: Job): Promise<void> {
  const since = job.clock.now();
  const pace = takeStart(turn.pace, since);
  if (!pace) return;
  turn.pace = pace;
  await job.fleet.hold();
  const start = await job.fleet.startReplacement(nodeIds);
  if (start === 'busy') {
    job.observer.remarked('Azure takes no second upgrade call of this set now: waiting for the one that is open');
    return;
  }
  const errand: Errand = { kind: 'replacing', since, certain: start === 'accepted' };
  for (const id of nodeIds) turn.logbook = noteErrand(turn.logbook, id, errand);
}
