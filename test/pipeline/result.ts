/** How something ended, in the service's own words. */
export type Result = 'succeeded' | 'succeededWithIssues' | 'failed' | 'canceled' | 'skipped';

interface Ended {
  readonly name: string;
  readonly displayName: string;
  readonly result: Result;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
}

export interface RunResult {
  readonly result: Result;
  readonly buildId: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly stages: readonly StageResult[];
}

export interface StageResult extends Ended {
  readonly attempt: number;
  readonly jobs: readonly JobResult[];
}

/**
 * A job, or one hook of a deployment (`hook` is then `deploy`, `deploy_10`, `deploy_vm1`, `on.failure`, …), or one leg of a
 * matrix.
 */
export interface JobResult extends Ended {
  readonly hook: string;
  readonly leg: string;
  readonly environment: string;
  readonly issues: readonly Issue[];
  readonly steps: readonly StepResult[];
}

export interface StepResult extends Ended {
  readonly outputs: Readonly<Record<string, string>>;
  readonly summaries: readonly Summary[];
  readonly attachments: readonly Attachment[];
  /** At most ten of each type, as the agent keeps them (agent: ExecutionContext.AddIssue). */
  readonly issues: readonly Issue[];
  readonly errorCount: number;
  readonly warningCount: number;
  readonly progress: readonly Progress[];
  /** What the agent would have logged, masked, line by line. */
  readonly log: readonly string[];
}

export interface Summary {
  readonly title: string;
  readonly markdown: string;
}

export interface Attachment {
  readonly type: string;
  readonly name: string;
  readonly path: string;
}

export interface Issue {
  readonly type: 'error' | 'warning';
  readonly message: string;
}

export interface Progress {
  readonly at: number;
  readonly percent: number;
  readonly text: string;
}

const severity: readonly Result[] = ['succeeded', 'succeededWithIssues', 'failed', 'canceled', 'skipped'];

/** The worse of two; what was cancelled or skipped stays so (agent: TaskResultUtil.MergeTaskResults). */
export function mergeResults(current: Result | undefined, coming: Result): Result {
  if (current === undefined) return coming;
  if (severity.indexOf(current) > severity.indexOf('failed')) return current;
  return severity.indexOf(coming) >= severity.indexOf(current) ? coming : current;
}

export function isGood(result: Result): boolean {
  return result === 'succeeded' || result === 'succeededWithIssues';
}

/** `succeededWithIssues` as `SucceededWithIssues`: how conditions and `Agent.JobStatus` spell it. */
export function spelled(result: Result): string {
  return result.charAt(0).toUpperCase() + result.slice(1);
}
