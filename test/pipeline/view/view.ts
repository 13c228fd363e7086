import type { Result } from '../result.ts';

/** Who is told what happens while a run is played. Every text is masked before it comes here. */
export interface RunView {
  stageStarted(stage: { readonly name: string; readonly displayName: string; readonly attempt: number }): void;
  stageFinished(stage: { readonly name: string; readonly displayName: string; readonly result: Result }): void;
  /** Something the service does between jobs: an approval, a skipped job, a refused check. */
  note(text: string): void;
  jobStarted(job: JobHeading): JobView;
}

export interface JobHeading {
  readonly stage: string;
  readonly name: string;
  readonly displayName: string;
  /** Empty for an ordinary job. */
  readonly hook: string;
  readonly environment: string;
  /** The leg or machine, where several jobs may run side by side; empty for a job alone. */
  readonly tag: string;
}

export interface JobView {
  note(text: string): void;
  stepStarted(displayName: string): StepView;
  finished(result: Result): void;
}

export interface StepView {
  /** One line as the agent logs it, tags such as `##[group]` and `##[error]` included. */
  line(text: string): void;
  progress(percent: number, text: string): void;
  finished(result: Result, summaryTitles: readonly string[]): void;
}
