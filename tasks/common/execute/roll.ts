import { Failure } from '../failure.ts';
import { assertSafe } from '../rollout/invariants.ts';
import { noteLookedBack, notePassed } from '../rollout/logbook.ts';
import { nextSteps } from '../rollout/next-steps.ts';
import type { Situation } from '../rollout/state.ts';
import type { Ending, Job } from './job.ts';
import { tickMs } from './pace.ts';
import { inRun, patiently } from './patience.ts';
import { start } from './starts.ts';
import { firstTurn, nextTurn, type Turn } from './turn.ts';

/** Look at the fleet, decide with a pure function, start what was decided, look again. Ends by the run's deadline. */
export async function roll(job: Job): Promise<Ending> {
  const deadline = job.clock.now() + job.runDeadlineMs;
  let turn = await firstTurn(job);
  for (;;) {
    try {
      const ending = await takeSteps(turn, deadline, job);
      if (ending) return ending;
      await job.clock.sleep(tickMs(turn.pages), job.cancelled);
      const interrupted = interruption(job, deadline);
      if (interrupted) return { ...interrupted, situation: situationNow(turn, job) };
      turn = await nextTurn(turn, job);
    } catch (error) {
      if (!(error instanceof Failure) || error.code === 'OwnershipLost') throw error;
      const situation = situationNow(turn, job);
      if (job.cancelled.aborted) return { ...cancelled, situation };
      return { outcome: 'halted', reason: error.message, failure: error, situation };
    }
  }
}

/** Carries out what is decided for this look, one step after the other; the logbook of the turn grows with it. */
async function takeSteps(turn: Turn, deadline: number, job: Job): Promise<Ending | undefined> {
  const { situation } = turn;
  const steps = nextSteps(situation, job.choices);
  assertSafe(situation, job.choices, steps);
  for (const step of steps) {
    if (interruption(job, deadline)) return undefined;
    if ('nodeIds' in step) {
      if (!(await start(step, turn, job))) return undefined;
      continue;
    }
    job.observer.decided(step, situation);
    switch (step.kind) {
      case 'done':
        return { outcome: 'completed', reason: step.reason, situation };
      case 'halt':
        return {
          outcome: 'halted',
          reason: step.reason,
          situation,
          ...(step.unseen && { failure: unread(step.reason) }),
        };
      case 'lookBack':
        turn.logbook = noteLookedBack(turn.logbook);
        break;
      case 'pass':
        await patiently(
          () => job.fleet.pass(turn.logbook.passed + 1),
          inRun(job, 'the passed checkpoint could not be written'),
        );
        turn.logbook = notePassed(turn.logbook, job.clock.now());
        break;
      case 'pause':
        return { outcome: 'incomplete', reason: step.reason, situation };
      case 'wait':
        break;
    }
  }
  return undefined;
}

/** Azure Monitor's silence says nothing of the nodes: they stay where they are. */
const unread = (reason: string) =>
  new Failure(
    'AlertsUnreadable',
    `Nothing more was started: ${reason}`,
    'Find out why alerts cannot be read (Azure Monitor, the rights of the connection), then run the task again: it goes on.',
  );

/** The situation as it is after what has been begun since the look. */
const situationNow = (turn: Turn, job: Job): Situation => ({
  ...turn.situation,
  logbook: turn.logbook,
  now: job.clock.now(),
});

const cancelled = { outcome: 'cancelled', reason: 'the pipeline run was cancelled' } as const;

function interruption(job: Job, deadline: number): Pick<Ending, 'outcome' | 'reason'> | undefined {
  if (job.cancelled.aborted) return cancelled;
  if (job.clock.now() >= deadline)
    return { outcome: 'incomplete', reason: `this run has lasted ${Math.round(job.runDeadlineMs / 60_000)} minutes` };
  return undefined;
}
