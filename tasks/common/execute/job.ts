import type { Clock } from '../clock.ts';
import type { Drain } from '../drain/drain.ts';
import type { Failure } from '../failure.ts';
import type { Remark } from '../report/rollout-story.ts';
import type { Limits } from '../rollout/limits.ts';
import type { Choices, Step } from '../rollout/next-steps.ts';
import type { Situation } from '../rollout/state.ts';
import type { AlertWatch } from './alert-watch.ts';
import type { Fleet } from './fleet.ts';

/** All that the loop is given: what to do, within which limits, by what means, and who listens. */
export interface Job {
  readonly fleet: Fleet;
  /** Absent when the author gave no way to drain. */
  readonly drain?: Drain;
  readonly target: string;
  /** Limits may depend on the size of the set, which can change while we work. */
  readonly limits: (nodes: number) => Limits;
  readonly choices: Choices;
  /** Checkpoints that earlier runs have passed. */
  readonly passed: number;
  /** Old nodes that look healthy may have been drained by a run that was killed: each is asked once. */
  readonly mayBeDrained: boolean;
  /** Absent when the author named no alert rules, and on a way back. */
  readonly alerts?: AlertWatch;
  readonly clock: Clock;
  /** The longest that this run may take, in milliseconds. */
  readonly runDeadlineMs: number;
  readonly cancelled: AbortSignal;
  readonly observer: Observer;
}

/** Sees every look and every decision with what it was made from: the log, the progress bar, the summary and the tests. */
export interface Observer {
  looked(situation: Situation): void;
  decided(step: Step, situation: Situation): void;
  remarked(text: string, about?: Remark): void;
}

export interface Ending {
  /** `rolledBack`: it halted, and was taken back by the same task. */
  readonly outcome: 'completed' | 'halted' | 'cancelled' | 'incomplete' | 'rolledBack';
  readonly reason: string;
  /** The error that stopped it, when it was one. */
  readonly failure?: Failure;
  /** The last look and what was begun with its nodes. */
  readonly situation: Situation;
}
