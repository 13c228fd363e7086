import type { Dictionary, Value } from '../expressions/values.ts';
import type { Stage } from '../model/pipeline.ts';
import type { Result, RunResult } from '../result.ts';
import { conditionHolds, dependenciesOf, overall, stageDependenciesOf } from './dependencies.ts';
import type { RunningStep, RunState } from './job-run.ts';
import { variablesForCondition } from './job-variables.ts';
import { next, playStage, type StageDone, stageDone } from './stage-run.ts';
import { variablesBeforeRun } from './system-variables.ts';

export interface RerunOptions {
  readonly later?: boolean;
  readonly cancel?: AbortSignal;
}

/** A run being played; its stages go one after the other. */
export class PipelineRun {
  readonly #done: StageDone[] = [];
  readonly #attempts = new Map<string, number>();
  readonly #startedAt: number;

  constructor(private readonly state: RunState) {
    this.#startedAt = state.agent.clock.now();
  }

  /** The step whose process runs now; of several the last that started. */
  running(): RunningStep | undefined {
    return [...this.state.running.values()].at(-1);
  }

  /** Ends every agent as a power cut would: the step is killed, and neither the job nor its post-job steps go on. */
  killAgent(): void {
    for (const agent of this.state.agents) agent.abort();
  }

  /** Plays every stage that has not been played. */
  async play(): Promise<RunResult> {
    const { stages } = this.state.pipeline;
    for (let stage = next(stages, this.#done); stage !== undefined; stage = next(stages, this.#done)) {
      const holds = this.#conditionHolds(stage);
      this.#done.push(holds ? await this.#playStage(stage) : this.#skip(stage));
    }
    return this.result();
  }

  /**
   * Plays a stage again with the next attempt number in the same run, whatever its condition, as "Rerun stage" does; with
   * `later` also those that come after it. A cancel of before is over; `cancel` is the button from now on.
   */
  async rerunStage(name: string, { later = false, cancel }: RerunOptions = {}): Promise<RunResult> {
    this.state.cancelled = cancel ?? new AbortController().signal;
    const stage = this.state.pipeline.stages.find((known) => known.name.toLowerCase() === name.toLowerCase());
    if (stage === undefined) throw new Error(`There is no stage "${name}" in this pipeline`);
    const forgotten = later ? this.#after(stage) : [stage];
    for (const { name: old } of forgotten) {
      const at = this.#done.findIndex((done) => done.name === old);
      if (at >= 0) this.#done.splice(at, 1);
    }
    this.#done.push(await this.#playStage(stage));
    return later ? this.play() : this.result();
  }

  result(): RunResult {
    const order = this.state.pipeline.stages.map(({ name }) => name);
    const stages = this.#done.map(({ shown }) => shown).sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
    return {
      result: this.#overall(stages.map(({ result }) => result)),
      buildId: this.state.identity.buildId,
      startedAt: this.#startedAt,
      finishedAt: this.state.agent.clock.now(),
      stages,
    };
  }

  /** A run that a cancel kept from something was canceled, even where nothing was under way. */
  #overall(results: readonly Result[]): Result {
    const wasKept = results.some((result) => result === 'skipped' || result === 'canceled');
    return this.state.cancelled.aborted && wasKept ? 'canceled' : overall(results);
  }

  #after(stage: Stage): readonly Stage[] {
    const found = [stage];
    for (const other of this.state.pipeline.stages) {
      if (other.dependsOn.some((name) => found.some((known) => known.name.toLowerCase() === name.toLowerCase())))
        found.push(other);
    }
    return found;
  }

  #conditionHolds(stage: Stage): boolean {
    const names = new Map<string, Value>([
      ['dependencies', dependenciesOf(stage.dependsOn, this.#done)],
      ['variables', this.#variablesFor(stage)],
    ]);
    return conditionHolds(stage, this.#done, this.state.cancelled.aborted, names);
  }

  #variablesFor(stage: Stage): Dictionary {
    const { identity, options, pipeline, agent } = this.state;
    const before = variablesBeforeRun(identity, agent.collectionUri);
    return variablesForCondition(before, options.variables, [...pipeline.variables, ...stage.variables]);
  }

  async #playStage(stage: Stage): Promise<StageDone> {
    const attempt = (this.#attempts.get(stage.name) ?? (this.state.options.attempt ?? 1) - 1) + 1;
    this.#attempts.set(stage.name, attempt);
    const refused = await this.#refusedEnvironment(stage);
    if (refused !== undefined) return this.#end(stage, attempt, refused);
    const stageDependencies = stageDependenciesOf(stage.dependsOn, this.#done);
    return playStage(this.state, stage, attempt, { stageDependencies, variables: this.#variablesFor(stage) });
  }

  #skip(stage: Stage): StageDone {
    this.state.view.note(`Stage ${stage.displayName || stage.name} is skipped: its condition is not met`);
    return this.#end(stage, this.#attempts.get(stage.name) ?? 0, 'skipped');
  }

  #end({ name, displayName, ...stage }: Stage, attempt: number, result: Result): StageDone {
    const now = this.state.agent.clock.now();
    const shown = { name, displayName, attempt, result, startedAt: now, finishedAt: now, jobs: [] };
    return stageDone({ name, displayName, ...stage }, [], shown);
  }

  /** Checks of every environment that a stage uses are asked before the stage starts, each once; how a refusal ends it. */
  async #refusedEnvironment(stage: Stage): Promise<Result | undefined> {
    const environments = stage.jobs.flatMap(({ work }) => (work.kind === 'deployment' ? [work.environment.name] : []));
    for (const environment of new Set(environments)) {
      const answer = await this.#approval(environment, stage);
      if (answer !== 'approved') {
        this.state.view.note(`Stage ${stage.displayName} does not start: environment ${environment} was ${answer}`);
        return answer === 'refused' ? 'failed' : 'canceled';
      }
    }
    return undefined;
  }

  async #approval(environment: string, stage: Stage): Promise<'approved' | 'refused' | 'canceled'> {
    const { options, cancelled, view } = this.state;
    if (options.approvals === undefined) return 'approved';
    view.note(`Stage ${stage.displayName} waits for approval of environment ${environment}`);
    const canceled = new Promise<'canceled'>((resolve) => {
      if (cancelled.aborted) resolve('canceled');
      cancelled.addEventListener('abort', () => resolve('canceled'), { once: true });
    });
    const asked = options.approvals(environment, stage.name).then((yes) => (yes ? 'approved' : 'refused'));
    return Promise.race([asked, canceled]);
  }
}
