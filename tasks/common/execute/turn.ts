import { emptyLogbook, type Logbook, noteBlindness, noteLook, noteProblem } from '../rollout/logbook.ts';
import type { Situation } from '../rollout/state.ts';
import type { Look } from './fleet.ts';
import { followDrains } from './follow-drains.ts';
import type { Job } from './job.ts';
import { fullPace, type Pace } from './pace.ts';
import { inRun, patiently } from './patience.ts';

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
  const askedAt = job.clock.now();
  // Nothing is started meanwhile: what cannot be seen is not known to serve.
  const look = await patiently(() => job.fleet.look(), inRun(job, 'the fleet could not be seen'));
  const logbook = await update(noteBlindness(before, job.clock.now() - askedAt), look, job, mayBeDrained);
  const situation = situationOf(look, logbook, job);
  job.observer.looked(situation);
  return { logbook, pace, pages: look.pages, situation };
}

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
  const { drain, target, clock, observer } = job;
  if (!drain) return logbook;
  return followDrains(logbook, look.nodes, target, drain, clock.now(), observer.remarked, mayBeDrained);
}
