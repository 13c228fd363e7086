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
import { isPassing } from './passing.ts';

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
  /** The error that stopped it, when it was one. */
  readonly failure?: Failure;
  /** The last look and what was begun with its nodes. */
  readonly situation: Situation;
}

/** One look and what has been begun since: the logbook changes with every step that is carried out. */
interface Turn {
  readonly situation: Situation;
  readonly pages: number;
  logbook: Logbook;
  pace: Pace;
}

/** Look at the fleet, decide with a pure function, start what was decided, look again. Ends by the run's deadline. */
export async function roll(job: Roll): Promise<Ending> {
  const deadline = job.clock.now() + job.runDeadlineMs;
  let turn = await firstTurn(job);
  for (;;) {
    const { situation } = turn;
    try {
      const ending = await takeSteps(turn, deadline, job);
      if (ending) return ending;
      await job.clock.sleep(tickMs(turn.pages), job.cancelled);
      const interrupted = interruption(job, deadline);
      if (interrupted) return { ...interrupted, situation: now(turn, job) };
      turn = await nextTurn(turn, job);
    } catch (error) {
      if (!(error instanceof Failure) || error.code === 'OwnershipLost') throw error;
      return {
        outcome: 'halted',
        reason: error.message,
        failure: error,
        situation: { ...situation, logbook: turn.logbook },
      };
    }
  }
}

/** Carries out what is decided for this look, one step after the other; the logbook of the turn grows with it. */
async function takeSteps(turn: Turn, deadline: number, job: Roll): Promise<Ending | undefined> {
  const { situation } = turn;
  const steps = nextSteps(situation, job.choices);
  assertSafe(situation, job.choices, steps);
  for (const step of steps) {
    if (interruption(job, deadline)) return undefined;
    job.observer.decided(step, situation);
    switch (step.kind) {
      case 'done':
        return { outcome: 'completed', reason: step.reason, situation };
      case 'halt':
        return { outcome: 'halted', reason: step.reason, situation };
      case 'drain':
        await startDrains(step.nodeIds, turn, job);
        break;
      case 'replace':
        await startReplacement(step.nodeIds, turn, job);
        break;
      case 'wait':
        break;
    }
  }
  return undefined;
}

async function firstTurn(job: Roll): Promise<Turn> {
  const start = job.clock.now();
  return nextTurn({ logbook: emptyLogbook(start), pace: fullPace(start) }, job);
}

async function nextTurn({ logbook: before, pace }: Pick<Turn, 'logbook' | 'pace'>, job: Roll): Promise<Turn> {
  const look = await lookWithPatience(job);
  const logbook = await update(before, look, job);
  return { logbook, pace, pages: look.pages, situation: situationOf(look, logbook, job) };
}

const now = (turn: Turn, job: Roll): Situation => ({ ...turn.situation, logbook: turn.logbook, now: job.clock.now() });

/**
 * A look that fails for a passing reason is tried again for as long as the rollout may go without progress. Nothing is
 * started meanwhile: what cannot be seen is not known to serve.
 */
async function lookWithPatience(job: Roll): Promise<Look> {
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

const situationOf = (look: Look, logbook: Logbook, job: Roll): Situation => ({
  nodes: look.nodes,
  logbook,
  target: job.target,
  limits: job.limits(look.nodes.length),
  now: job.clock.now(),
});

function interruption(job: Roll, deadline: number): Pick<Ending, 'outcome' | 'reason'> | undefined {
  if (job.cancelled.aborted) return { outcome: 'cancelled', reason: 'the pipeline run was cancelled' };
  if (job.clock.now() >= deadline)
    return { outcome: 'incomplete', reason: `this run has lasted ${Math.round(job.runDeadlineMs / 60_000)} minutes` };
  return undefined;
}

async function update(before: Logbook, look: Look, job: Roll): Promise<Logbook> {
  const minReadyMs = job.limits(look.nodes.length).minReadyMs;
  let logbook = noteLook(before, look.nodes, job.target, minReadyMs, job.clock.now());
  for (const [id, problem] of look.problems) if (logbook.nodes.has(id)) logbook = noteProblem(logbook, id, problem);
  return job.drain ? followDrains(logbook, look.nodes, job.target, job.drain, job.clock.now()) : logbook;
}

async function startDrains(nodeIds: readonly string[], turn: Turn, job: Roll): Promise<void> {
  await job.fleet.hold();
  for (const id of nodeIds) turn.logbook = noteErrand(turn.logbook, id, await startDrain(id, job));
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

async function startReplacement(nodeIds: readonly string[], turn: Turn, job: Roll): Promise<void> {
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

/** Nodes that were taken out of service and stay on their old image: they must serve again. */
export function leftOut({ nodes, logbook }: Situation): readonly string[] {
  const out = (id: string) => ['draining', 'drained', 'drainFailed'].includes(entryOf(logbook, id).errand?.kind ?? '');
  return nodes.filter((node) => out(node.id)).map((node) => node.id);
}
