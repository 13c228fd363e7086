import type { Azure } from '../azure/connect.ts';
import type { ScaleSetModel } from '../azure/scale-set.ts';
import type { Clock } from '../clock.ts';
import type { AskRun, RunState } from '../devops/run-state.ts';
import type { Failure } from '../failure.ts';
import { showsDrains } from '../health/source.ts';
import type { AskStatus } from '../network/ask-status.ts';
import type { WatchedRules } from '../preflight/quiet-alerts.ts';
import type { NewId } from '../random.ts';
import { isHeld, type Owner, type RolloutRecord } from '../record/record.ts';
import { type Limits, maxUnavailable } from '../rollout/limits.ts';
import { foundAgain } from '../rollout/look-back.ts';
import type { Node } from '../rollout/node.ts';
import type { Leave } from './ending/handover.ts';
import type { Ending, Observer } from './job.ts';
import type { RolloutOptions } from './rollout-options.ts';

/** What a use case needs from outside: Azure, time, names, and someone who listens. */
export interface Tools {
  readonly azure: Azure;
  /** Asks a node of the scale set itself how it is. */
  readonly askStatus: AskStatus;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly run: Pick<Owner, 'attempt' | 'name' | 'url'> & { readonly id: string };
  /** Asks Azure DevOps whether another run still runs; absent, nobody can be asked. */
  readonly askRun?: AskRun;
  readonly cancelled: AbortSignal;
  readonly observer: Observer;
  /** Takes down what the post-job step has to know. */
  readonly leave: Leave;
}

/** A rollout that has been planned and checked; nothing has been written yet. */
export interface RolloutPlan extends RolloutOptions {
  readonly model: ScaleSetModel;
  readonly before: readonly Node[];
  /** Pages of the list of nodes: what a look costs. */
  readonly pages: number;
  readonly basis: RolloutRecord | undefined;
  /** The alert rules that are heeded, as they were found before the first write. */
  readonly watched?: WatchedRules;
  /** What is known of the run that holds the rollout of `basis`, when it is another. */
  readonly holder?: RunState;
  /** How long nodes must stay well at a checkpoint. */
  readonly bakeMs?: number;
  /** What the model names between two stages; absent, the proven image. */
  readonly scaleOutImage?: 'stable' | 'new';
  /** What becomes of a rollout that halts: its nodes stay as they are, or are brought back. */
  readonly onFailure?: 'stop' | 'rollback';
  /** When the task was begun: jobDeadline counts from here, also of a way back that follows. */
  readonly begunAt: number;
  /** In state `rolling` or `rollingBack`: which way it goes follows from it. */
  readonly record: RolloutRecord;
}

/** The plan's limits in a set of so many nodes: it may grow or shrink while we work. */
export const limitsOf = (plan: RolloutPlan, nodes: number): Limits => ({
  ...plan.limits,
  wanted: plan.record.wanted,
  ...(plan.record.chosen && { chosen: new Set(plan.record.chosen) }),
  ...(plan.record.promised !== undefined && {
    promised: { nodes: plan.record.promised, named: new Set(plan.record.promisedNodes) },
  }),
  maxUnavailable: maxUnavailable(plan.maxUnavailable, nodes).nodes,
  ...(plan.record.checkpoints && { checkpoints: plan.record.checkpoints, bakeMs: plan.bakeMs ?? 0 }),
  ...(plan.jobDeadlineMs !== undefined && { beginsUntil: plan.begunAt + plan.jobDeadlineMs }),
});

/** What is there of the nodes that the stages before have brought, as one sentence; undefined when there were none. */
export const lookedBackAt = ({ before, record: { promised, target } }: RolloutPlan): string | undefined =>
  promised === undefined ? undefined : foundAgain(before, target, promised);

export interface RolloutResult {
  readonly plan: RolloutPlan;
  readonly ending: Ending;
  /** As it stands in the tags now; undefined when nothing had to be done and nothing was written. */
  readonly record: RolloutRecord | undefined;
  readonly whole: boolean;
  /** What the model still names, where it could not be pointed at the image that it is to name from now on. */
  readonly modelNames?: string;
  /** The plan of the way back, when the rollout was taken back, and how it had ended before. */
  readonly back?: RolloutPlan;
  readonly failed?: Ending;
  /** What kept it from being written how this ended, or from being taken back. */
  readonly trouble?: Failure;
}

/** The longest that one run may take: the limit of a job on a Microsoft-hosted agent is six hours. */
export const runDeadlineMs = 6 * 3_600_000;

export function ownerOf(run: Tools['run'], token: string, now: number): Owner {
  const { id, attempt, name, url } = run;
  return { run: id, attempt, name, url, token, expires: now + runDeadlineMs + 15 * 60_000 };
}

/** A run that was killed may have drained nodes that look healthy all the same: every old one may be out of service. */
export const hidesDrains = ({ basis, health }: RolloutPlan): boolean =>
  basis !== undefined && isHeld(basis) && !showsDrains(health);
