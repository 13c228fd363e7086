import { emptyLogbook, type Logbook, noteLook, noteProblem } from '../rollout/logbook.ts';
import type { Situation } from '../rollout/state.ts';
import type { Look } from './fleet.ts';
import { followDrains } from './follow-drains.ts';
import type { Job } from './job.ts';
import { fullPace, type Pace } from './pace.ts';
import { withPatience } from './patience.ts';

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
  return nextTurn({ logbook: emptyLogbook(start, job.passed), pace: fullPace(start) }, job, job.mayBeDrained);
}

/** Looks again, with what is remembered from the turn before. */
export async function nextTurn(
  { logbook: before, pace }: Pick<Turn, 'logbook' | 'pace'>,
  job: Job,
  mayBeDrained = false,
): Promise<Turn> {
  const look = await lookWithPatience(job);
  const logbook = await update(before, look, job, mayBeDrained);
  return { logbook, pace, pages: look.pages, situation: situationOf(look, logbook, job) };
}

/**
 * A look that fails for a passing reason is tried again for as long as the rollout may go without progress. Nothing is
 * started meanwhile: what cannot be seen is not known to serve.
 */
const lookWithPatience = (job: Job): Promise<Look> =>
  withPatience(() => job.fleet.look(), job.clock.now() + job.limits(0).progressDeadlineMs, job);

const situationOf = (look: Look, logbook: Logbook, job: Job): Situation => ({
  nodes: look.nodes,
  logbook,
  target: job.target,
  limits: job.limits(look.nodes.length),
  now: job.clock.now(),
});

async function update(before: Logbook, look: Look, job: Job, mayBeDrained: boolean): Promise<Logbook> {
  const minReadyMs = job.limits(look.nodes.length).minReadyMs;
  let logbook = noteLook(before, look.nodes, job.target, minReadyMs, job.clock.now());
  for (const [id, problem] of look.problems) if (logbook.nodes.has(id)) logbook = noteProblem(logbook, id, problem);
  const { drain, target, clock } = job;
  return drain ? followDrains(logbook, look.nodes, target, drain, clock.now(), mayBeDrained) : logbook;
}
