import { type Clock, sleep } from '../clock.ts';
import {
  type Attachment,
  type Issue,
  mergeResults,
  type Progress,
  type Result,
  type StepResult,
  type Summary,
} from '../result.ts';
import type { StepView } from '../view/view.ts';
import type { Artifacts } from './artifacts.ts';
import type { Masker } from './masking.ts';
import type { Restrictions } from './restrictions.ts';
import type { Variables } from './variables.ts';

const keptIssues = 10;

/** What one running step has said and done so far (agent: ExecutionContext.cs). */
export class StepContext {
  readonly outputs: Record<string, string> = {};
  readonly summaries: Summary[] = [];
  readonly attachments: Attachment[] = [];
  readonly issues: Issue[] = [];
  readonly progress: Progress[] = [];
  readonly log: string[] = [];
  /** Set by `task.complete` or by how the process ended. */
  result: Result | undefined;
  /** A command that failed fails the step, whatever the process says. */
  commandResult: Result | undefined;
  errorCount = 0;
  warningCount = 0;
  readonly #cancel = new AbortController();
  readonly #done = new AbortController();

  constructor(
    readonly step: {
      /** How `$(name.variable)` calls the step. */
      readonly refName: string;
      readonly displayName: string;
      readonly declaredOutputs: readonly string[];
      readonly restrictions: Restrictions;
    },
    readonly job: {
      readonly variables: Variables;
      readonly masker: Masker;
      readonly clock: Clock;
      readonly artifacts: Artifacts;
      /** Folders put in front of PATH for the steps that follow, latest first. */
      readonly prependedPath: string[];
      readonly setBuildNumber: (number: string) => void;
    },
    readonly taskVariables: Variables,
    private readonly view: StepView,
  ) {}

  get cancelled(): AbortSignal {
    return this.#cancel.signal;
  }

  cancel(): void {
    this.#cancel.abort();
  }

  /** Aborted when `task.complete` said `done`: the process is not waited for much longer. */
  get forcedDone(): AbortSignal {
    return this.#done.signal;
  }

  forceDone(): void {
    void sleep(this.job.clock, 5000).then(() => this.#done.abort());
  }

  write(tag: string, text: string): void {
    const line = this.job.masker.mask(`${tag}${text}`);
    this.log.push(line);
    this.view.line(line);
  }

  debug(text: string): void {
    if (this.job.variables.get('system.debug')?.toLowerCase() === 'true') this.write('##[debug]', text);
  }

  warning(message: string): void {
    this.issue({ type: 'warning', message });
  }

  error(message: string): void {
    this.issue({ type: 'error', message });
  }

  issue(issue: Issue): void {
    const masked = { ...issue, message: this.job.masker.mask(issue.message) };
    if (masked.message !== '') this.write(`##[${issue.type}]`, issue.message);
    const count = issue.type === 'error' ? this.errorCount++ : this.warningCount++;
    if (count < keptIssues) this.issues.push(masked);
  }

  /** Progress never goes back (agent: ExecutionContext.Progress). */
  setProgress(percent: number, text: string): void {
    const reached = Math.max(percent, this.progress.at(-1)?.percent ?? 0);
    const shown = this.job.masker.mask(text) || (this.progress.at(-1)?.text ?? '');
    this.progress.push({ at: this.job.clock.now(), percent: reached, text: shown });
    this.view.progress(reached, shown);
  }

  setVariable(
    name: string,
    value: string,
    marks: { secret: boolean; output: boolean; readOnly: boolean; preserveCase: boolean },
  ): void {
    const { secret, output, readOnly, preserveCase } = marks;
    const declared = this.step.declaredOutputs.some((known) => known.toLowerCase() === name.toLowerCase());
    if (!output && !declared) {
      this.job.variables.set(name, value, { secret, readOnly, preserveCase });
      return;
    }
    this.outputs[name] = value;
    this.job.variables.set(`${this.step.refName}.${name}`, value, {
      secret,
      readOnly: output || readOnly,
      preserveCase,
    });
  }

  complete(result: Result): void {
    this.result = mergeResults(this.result, result);
  }

  failCommand(): void {
    this.commandResult = 'failed';
  }

  finished(name: string, startedAt: number): StepResult {
    return {
      name,
      displayName: this.step.displayName,
      result: this.result ?? 'succeeded',
      startedAt,
      finishedAt: this.job.clock.now(),
      outputs: { ...this.outputs },
      summaries: [...this.summaries],
      attachments: [...this.attachments],
      issues: [...this.issues],
      errorCount: this.errorCount,
      warningCount: this.warningCount,
      progress: [...this.progress],
      log: this.log,
    };
  }
}
