import type { Clock } from '../clock.ts';
import type { Drain } from '../drain/drain.ts';
import { Failure } from '../failure.ts';
import { assertSafe } from '../rollout/invariants.ts';
import type { Limits } from '../rollout/limits.ts';
import {
  type Errand,
  emptyLogbook,
  entryOf,
  type Logbook,
  noteErrand,
  noteLook,
  noteProblem,
} from '../rollout/logbook.ts';
import { type Choices, nextSteps, type Step } from '../rollout/next-steps.ts';
import type { Situation } from '../rollout/state.ts';
import type { Fleet, Look } from './fleet.ts';
import { followDrains } from './follow-drains.ts';
import { fullPace, type Pace, takeStart, tickMs } from './pace.ts';

export interface Roll {
  readonly fleet: Fleet;
  /** Absent when the author gave no way to drain. */
  readonly drain?: Drain;
  readonly target: string;
  /** Limits may depend on the size of the set, which can change while we work. */
  readonly limits: (nodes: number) => Limits;
  readonly choices: Choices;
  readonly clock: Clock;
  /** The longest that this run may take, in milliseconds. */
  readonly runDeadlineMs: number;
  readonly cancelled: AbortSignal;
  readonly observer: Observer;
}

/** Sees every decision with what it was made from: the log, the progress bar, the summary and the tests. */
export interface Observer {
  decided(step: Step, situation: Situation): void;
  remarked(text: string): void;
}

export interface Ending {
  readonly outcome: 'completed' | 'halted' | 'cancelled' | 'incomplete';
  readonly reason: string;
  /** The last look and what was begun with its nodes. */
  readonly situation: Situation;
}

/** What a run carries from one turn to the next. */
interface Progress {
  readonly logbook: Logbook;
  readonly pace: Pace;
}

/** Look at the fleet, decide with a pure function, start what was decided, look again. Ends by the run's deadline. */
export async function roll(job: Roll): Promise<Ending> {
  const deadline = job.clock.now() + job.runDeadlineMs;
  let progress: Progress = { logbook: emptyLogbook(job.clock.now()), pace: fullPace(job.clock.now()) };
  for (;;) {
    const look = await job.fleet.look();
    const logbook = await update(progress.logbook, look, job);
    const situation = situationOf(look, logbook, job);
    const ended = interruption(job, job.clock.now() >= deadline);
    if (ended) return { ...ended, situation };

    const steps = nextSteps(situation, job.choices);
    assertSafe(situation, job.choices, steps);
    progress = { ...progress, logbook };
    for (const step of steps) {
      job.observer.decided(step, situation);
      if (step.kind === 'done') return { outcome: 'completed', reason: step.reason, situation };
      if (step.kind === 'halt') return { outcome: 'halted', reason: step.reason, situation };
      progress = await carryOut(step, progress, job);
    }
    await job.clock.sleep(tickMs(look.pages), job.cancelled);
  }
}

const situationOf = (look: Look, logbook: Logbook, job: Roll): Situation => ({
  nodes: look.nodes,
  logbook,
  target: job.target,
  limits: job.limits(look.nodes.length),
  now: job.clock.now(),
});

function carryOut(step: Step, progress: Progress, job: Roll): Promise<Progress> {
  switch (step.kind) {
    case 'drain':
      return startDrains(step.nodeIds, progress, job);
    case 'replace':
      return startReplacement(step.nodeIds, progress, job);
    case 'wait':
    case 'halt':
    case 'done':
      return Promise.resolve(progress);
  }
}

function interruption(job: Roll, late: boolean): Pick<Ending, 'outcome' | 'reason'> | undefined {
  if (job.cancelled.aborted) return { outcome: 'cancelled', reason: 'the pipeline run was cancelled' };
  if (late)
    return { outcome: 'incomplete', reason: `this run has lasted ${Math.round(job.runDeadlineMs / 60_000)} minutes` };
  return undefined;
}

async function update(before: Logbook, look: Look, job: Roll): Promise<Logbook> {
  const minReadyMs = job.limits(look.nodes.length).minReadyMs;
  let logbook = noteLook(before, look.nodes, job.target, minReadyMs, job.clock.now());
  for (const [id, problem] of look.problems) if (logbook.nodes.has(id)) logbook = noteProblem(logbook, id, problem);
  return job.drain ? followDrains(logbook, look.nodes, job.target, job.drain, job.clock.now()) : logbook;
}

async function startDrains(nodeIds: readonly string[], progress: Progress, job: Roll): Promise<Progress> {
  await job.fleet.hold();
  let { logbook } = progress;
  for (const id of nodeIds) logbook = noteErrand(logbook, id, await startDrain(id, job));
  return { ...progress, logbook };
}

async function startDrain(id: string, job: Roll): Promise<Errand> {
  const since = job.clock.now();
  try {
    await job.drain?.start(id);
    return { kind: 'draining', since };
  } catch (error) {
    if (error instanceof Failure) return { kind: 'drainFailed', since, note: error.message };
    throw error;
  }
}

async function startReplacement(nodeIds: readonly string[], progress: Progress, job: Roll): Promise<Progress> {
  const since = job.clock.now();
  const pace = takeStart(progress.pace, since);
  if (!pace) return progress;
  await job.fleet.hold();
  const start = await job.fleet.startReplacement(nodeIds);
  if (start === 'busy') {
    job.observer.remarked('Azure takes no second upgrade call of this set now: waiting for the one that is open');
    return { ...progress, pace };
  }
  const errand: Errand = { kind: 'replacing', since, certain: start === 'accepted' };
  return { pace, logbook: nodeIds.reduce((logbook, id) => noteErrand(logbook, id, errand), progress.logbook) };
}

/** Nodes that were taken out of service and stay on their old image: they must serve again. */
export function leftOut({ nodes, logbook }: Situation): readonly string[] {
  const out = (id: string) => ['draining', 'drained', 'drainFailed'].includes(entryOf(logbook, id).errand?.kind ?? '');
  return nodes.filter((node) => out(node.id)).map((node) => node.id);
}
