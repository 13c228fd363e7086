import { emptyLogbook, type Logbook, noteLook, noteProblem } from '../rollout/logbook.ts';
import type { Situation } from '../rollout/state.ts';
import type { Look } from './fleet.ts';
import { followDrains } from './follow-drains.ts';
import type { Job } from './job.ts';
import { fullPace, type Pace, tickMs } from './pace.ts';
import { isPassing } from './passing.ts';

/** One look and what has been begun since: the logbook changes with every step that is carried out. */
export interface Turn {
  readonly situation: Situation;
  readonly pages: number;
  logbook: Logbook;
  pace: Pace;
}

/** The first look of a run. */
export async function firstTurn(job: Job): Promise<Turn> {
  const start = job.clock.now();
  return nextTurn({ logbook: emptyLogbook(start, job.passed), pace: fullPace(start) }, job);
}

/** Looks again, with what is remembered from the turn before. */
export async function nextTurn({ logbook: before, pace }: Pick<Turn, 'logbook' | 'pace'>, job: Job): Promise<Turn> {
  const look = await lookWithPatience(job);
  const logbook = await update(before, look, job);
  const situation = situationOf(look, logbook, job);
  job.observer.looked(situation);
  return { logbook, pace, pages: look.pages, situation };
}

/**
 * A look that fails for a passing reason is tried again for as long as the rollout may go without progress. Nothing is
 * started meanwhile: what cannot be seen is not known to serve.
 */
async function lookWithPatience(job: Job): Promise<Look> {
  const deadline = job.clock.now() + job.limits(0).progressDeadlineMs;
  for (;;) {
    try {
      return await job.fleet.look();
    } catch (error) {
      if (!isPassing(error) || job.clock.now() >= deadline || job.cancelled.aborted) throw error;
      job.observer.remarked(`the fleet could not be seen, looking again: ${error.message}`);
      await job.clock.sleep(tickMs(1), job.cancelled);
    }
  }
}

const situationOf = (look: Look, logbook: Logbook, job: Job): Situation => ({
  nodes: look.nodes,
  logbook,
  target: job.target,
  limits: job.limits(look.nodes.length),
  now: job.clock.now(),
});

async function update(before: Logbook, look: Look, job: Job): Promise<Logbook> {
  const minReadyMs = job.limits(look.nodes.length).minReadyMs;
  let logbook = noteLook(before, look.nodes, job.target, minReadyMs, job.clock.now());
  for (const [id, problem] of look.problems) if (logbook.nodes.has(id)) logbook = noteProblem(logbook, id, problem);
  return job.drain ? followDrains(logbook, look.nodes, job.target, job.drain, job.clock.now()) : logbook;
}
