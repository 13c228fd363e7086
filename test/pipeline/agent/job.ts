import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sleep } from '../clock.ts';
import type { Step, TaskStep } from '../model/pipeline.ts';
import { type Issue, mergeResults, type Result, type StepResult, spelled } from '../result.ts';
import type { JobView } from '../view/view.ts';
import type { Agent } from './agent.ts';
import { runDownload, runPublish } from './artifact-steps.ts';
import type { Artifacts } from './artifacts.ts';
import { runCheckout } from './checkout.ts';
import { stepConditionHolds } from './job-status.ts';
import { killOrphans } from './orphans.ts';
import { type Part, partsOf } from './parts.ts';
import { unrestricted } from './restrictions.ts';
import { runScript, runTask, type StepRun } from './run-step.ts';
import { StepContext } from './step-context.ts';
import type { Variables } from './variables.ts';

export interface JobRequest {
  readonly steps: readonly Step[];
  readonly variables: Variables;
  /** `_work/<n>`: `s`, `a`, `b` stand in it. */
  readonly folder: string;
  readonly tempFolder: string;
  /** What the jobs of this run have published so far. */
  readonly artifacts: Artifacts;
  readonly timeoutInMinutes: number;
  readonly cancelTimeoutInMinutes: number;
  /** The run was cancelled. */
  readonly cancelled: AbortSignal;
  readonly onProcess: (step: string, processId: number | undefined) => void;
  readonly setBuildNumber: (number: string) => void;
}

export interface JobOutcome {
  readonly result: Result;
  readonly issues: readonly Issue[];
  readonly steps: readonly StepResult[];
}

/** Plays one job as the agent's worker does (agent: JobRunner.cs, JobExtension.cs, StepsRunner.cs). */
export async function runJob(agent: Agent, request: JobRequest, view: JobView): Promise<JobOutcome> {
  const job = new RunningJob(agent, request, view);
  return job.run();
}

class RunningJob {
  readonly #steps: StepResult[] = [];
  readonly #issues: Issue[] = [];
  readonly #cancel = new AbortController();
  /** After a cancel, whatever still runs is ended at this signal. */
  readonly #overdue = new AbortController();
  readonly #prependedPath: string[] = [];
  readonly #lookupId = `vsts_${crypto.randomUUID()}`;
  #status: Result | undefined;

  constructor(
    private readonly agent: Agent,
    private readonly request: JobRequest,
    private readonly view: JobView,
  ) {}

  async run(): Promise<JobOutcome> {
    this.#prepareFolders();
    const stopWatching = this.#watchCancel();
    try {
      for (const part of partsOf(this.request.steps, this.agent)) {
        if (this.agent.gone.aborted) break;
        await this.#runPart(part);
      }
    } finally {
      stopWatching();
      killOrphans(this.#lookupId);
    }
    if (this.agent.gone.aborted) this.#loseAgent();
    return { result: this.#status ?? 'succeeded', issues: this.#issues, steps: this.#steps };
  }

  /** A killed agent says nothing more; the service notices that it is silent. */
  #loseAgent(): void {
    this.#issue(
      'We stopped hearing from the agent. Verify the agent machine is running and has a healthy network connection.',
    );
    this.#status = 'failed';
  }

  #prepareFolders(): void {
    const { folder, tempFolder } = this.request;
    for (const name of ['a', 'b', 's', 'TestResults']) mkdirSync(join(folder, name), { recursive: true });
    rmSync(tempFolder, { recursive: true, force: true });
    mkdirSync(tempFolder, { recursive: true });
    mkdirSync(join(this.agent.workFolder, '_tool'), { recursive: true });
  }

  async #runPart(part: Part): Promise<void> {
    const { variables } = this.request;
    const startedAt = this.agent.clock.now();
    variables.set('agent.jobstatus', spelled(this.#status ?? 'succeeded'));
    const displayName = variables.expand(part.displayName);
    const view = this.view.stepStarted(displayName);
    const context = this.#context(part, displayName, view);
    const decision = this.#decide(part, context);
    if (decision === 'run') await this.#perform(part, context);
    else context.result = decision;
    const result = context.finished(part.refName, startedAt);
    view.finished(
      result.result,
      result.summaries.map(({ title }) => title),
    );
    this.#steps.push(result);
    if (result.result === 'succeededWithIssues' || result.result === 'failed') {
      this.#status = mergeResults(this.#status, result.result);
    }
  }

  #context(part: Part, displayName: string, view: ReturnType<JobView['stepStarted']>): StepContext {
    const { definition, refName } = part;
    const step = {
      refName,
      displayName,
      declaredOutputs: definition?.outputs ?? [],
      restrictions: definition?.restrictions ?? unrestricted,
    };
    const { variables, artifacts, setBuildNumber } = this.request;
    const { masker, clock } = this.agent;
    const job = { variables, masker, clock, artifacts, prependedPath: this.#prependedPath, setBuildNumber };
    return new StepContext(step, job, part.taskVariables, view);
  }

  #decide(part: Part, context: StepContext): 'run' | 'skipped' | 'failed' {
    try {
      if (this.#holds(part)) return 'run';
      context.write('', 'Skipping step due to condition evaluation.');
      return 'skipped';
    } catch (problem) {
      context.error((problem as Error).message);
      return 'failed';
    }
  }

  #holds({ condition }: Part): boolean {
    return condition === 'always' || stepConditionHolds(condition, this.#status ?? 'succeeded', this.request.variables);
  }

  async #perform(part: Part, context: StepContext): Promise<void> {
    const { clock, minuteMs } = this.agent;
    context.write('##[section]', `Starting: ${context.step.displayName}`);
    let timedOut = false;
    const expire = () => {
      timedOut = true;
      context.cancel();
    };
    const { timeoutInMinutes } = part.step;
    const takeBack = timeoutInMinutes > 0 ? clock.after(timeoutInMinutes * minuteMs, expire) : () => {};
    const stopListening = this.#endOnCancel(part, context);
    await this.#attempts(part, context);
    takeBack();
    stopListening();
    this.#conclude(part, context, timedOut);
    context.write('##[section]', `Finishing: ${context.step.displayName}`);
  }

  /** What a cancelled or late step ends as; `continueOnError` softens a failure and no cancel. */
  #conclude(part: Part, context: StepContext, timedOut: boolean): void {
    if (timedOut) {
      context.error('The task has timed out.');
      context.result = 'failed';
    } else if (context.cancelled.aborted) context.result = 'canceled';
    if (context.commandResult) context.result = mergeResults(context.result, context.commandResult);
    if (context.result === 'failed' && part.step.continueOnError) context.result = 'succeededWithIssues';
  }

  /** A cancel ends the running step unless its condition still holds (agent: StepsRunner.RunAsync). */
  #endOnCancel(part: Part, context: StepContext): () => void {
    const cancelled = () => {
      if (this.#holds(part)) return;
      context.error('The Operation will be canceled. The next steps may not contain expected logs.');
      context.cancel();
    };
    const overdue = () => context.cancel();
    this.#cancel.signal.addEventListener('abort', cancelled);
    if (this.#overdue.signal.aborted) context.cancel();
    this.#overdue.signal.addEventListener('abort', overdue);
    return () => {
      this.#cancel.signal.removeEventListener('abort', cancelled);
      this.#overdue.signal.removeEventListener('abort', overdue);
    };
  }

  /** `retryCountOnTaskFailure`: at most ten, waiting 1, 4, 9, … seconds (agent: RetryHelper.cs). */
  async #attempts(part: Part, context: StepContext): Promise<void> {
    const retries = Math.min(part.step.retryCountOnTaskFailure, 10);
    for (let attempt = 0; ; attempt++) {
      await this.#attempt(part, context);
      const isOver = context.result !== 'failed' || context.cancelled.aborted || attempt >= retries;
      if (isOver || part.step.kind === 'checkout') return;
      const delayMs = (attempt + 1) ** 2 * this.agent.retryMs;
      context.warning(
        `RetryHelper encountered task failure, will retry (attempt #: ${attempt + 1} out of ${retries}) after ${delayMs} ms`,
      );
      context.result = undefined;
      await sleep(this.agent.clock, delayMs, context.cancelled);
    }
  }

  async #attempt(part: Part, context: StepContext): Promise<void> {
    try {
      await this.#start(part, context);
    } catch (problem) {
      context.error((problem as Error).message);
      context.complete('failed');
    }
  }

  #start(part: Part, context: StepContext): Promise<void> | void {
    const { agent, request } = this;
    const onProcess = (processId: number | undefined) => request.onProcess(part.refName, processId);
    const run: StepRun = { agent, context, tempFolder: request.tempFolder, lookupId: this.#lookupId, onProcess };
    const { step, definition, handlers } = part;
    if (step.kind === 'checkout') return runCheckout(agent, context);
    if (step.kind === 'publish') return runPublish(context, step);
    if (step.kind === 'download') return runDownload(context, step);
    if (step.kind === 'script') return runScript(run, step);
    if (definition && handlers) return runTask(run, definition, handlers, step as TaskStep);
  }

  /** Hears a cancel of the run, and cancels by itself when the job's time is up. */
  #watchCancel(): () => void {
    const { cancelled, timeoutInMinutes, cancelTimeoutInMinutes } = this.request;
    const { clock, minuteMs } = this.agent;
    const timers: (() => void)[] = [];
    const cancel = () => {
      if (this.#cancel.signal.aborted) return;
      this.#status = 'canceled';
      timers.push(clock.after(cancelTimeoutInMinutes * minuteMs, () => this.#overdue.abort()));
      this.#cancel.abort();
    };
    const expire = () => {
      this.#issue(`The job ran longer than the maximum time of ${timeoutInMinutes} minutes.`);
      cancel();
    };
    if (timeoutInMinutes > 0) timers.push(clock.after(timeoutInMinutes * minuteMs, expire));
    cancelled.addEventListener('abort', cancel);
    if (cancelled.aborted) cancel();
    return () => {
      cancelled.removeEventListener('abort', cancel);
      for (const takeBack of timers) takeBack();
    };
  }

  #issue(message: string): void {
    this.#issues.push({ type: 'error', message });
    this.view.note(`##[error]${message}`);
  }
}
