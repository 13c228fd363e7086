import {
  emptyLogbook,
  type Logbook,
  noteBlindness,
  noteHeadway,
  noteLook,
  noteProblem,
  noteUnread,
  noteUnsure,
  noteWaited,
} from '../rollout/logbook.ts';
import { bakes, nextSteps } from '../rollout/next-steps.ts';
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
  { logbook: before, pace, situation: known }: Pick<Turn, 'logbook' | 'pace'> & Partial<Pick<Turn, 'situation'>>,
  job: Job,
  mayBeDrained = false,
): Promise<Turn> {
  const askedAt = job.clock.now();
  // Nothing is started meanwhile: what cannot be seen is not known to serve.
  const look = await patiently(() => job.fleet.look(), inRun(job, 'the fleet could not be seen'));
  const logbook = await update(clocksAt(job.clock.now(), askedAt, before, known), look, job, mayBeDrained);
  const situation = await withAlerts(situationOf(look, logbook, job), job);
  job.observer.looked(situation);
  return { logbook, pace, pages: look.pages, situation };
}

/** Clocks stand still for time in which nothing could be seen, or nothing was to come further. */
function clocksAt(now: number, askedAt: number, before: Logbook, known: Situation | undefined): Logbook {
  const logbook = noteBlindness(before, now - askedAt);
  const blindMs = logbook.lastProgress - before.lastProgress;
  const ms = now - before.lookedAt - blindMs;
  if (known && bakes(known)) return noteWaited(logbook, ms);
  return known?.alerts?.unread ? noteUnread(logbook, ms, known.limits.progressDeadlineMs) : logbook;
}

/** How old the last reading of alerts may be while nodes are waited for, and when something is about to be decided. */
const alertAges = { waiting: 60_000, deciding: 15_000 } as const;

/** Alerts are read before each start and each end of a stage; in between, not oftener than they can change. */
async function withAlerts(situation: Situation, job: Job): Promise<Situation> {
  if (!job.alerts) return situation;
  const known = { ...situation, alerts: await job.alerts.seen(alertAges.waiting) };
  const decides = nextSteps(known, job.choices).some(({ kind }) => kind !== 'wait' && kind !== 'halt');
  const alerts = decides ? await job.alerts.seen(alertAges.deciding) : known.alerts;
  return { ...situation, alerts, now: job.clock.now() };
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
  if (look.headway) logbook = noteHeadway(logbook, job.clock.now());
  for (const [id, problem] of look.problems) if (logbook.nodes.has(id)) logbook = noteProblem(logbook, id, problem);
  for (const id of look.unsure ?? []) logbook = noteUnsure(logbook, id);
  const { drain, target, clock, observer } = job;
  if (!drain) return logbook;
  return followDrains(logbook, look.nodes, target, drain, clock.now(), observer.remarked, mayBeDrained);
}
