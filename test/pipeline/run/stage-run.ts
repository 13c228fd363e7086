import type { Dictionary, Value } from '../expressions/values.ts';
import type { Job, Stage } from '../model/pipeline.ts';
import type { JobResult, Result, StageResult } from '../result.ts';
import { conditionHolds, type Done, dependenciesOf, overall } from './dependencies.ts';
import { playDeployment } from './deployment.ts';
import { environmentOf, type JobPlan, outputsOf, playJob, type RunState } from './job-run.ts';
import { variablesForCondition } from './job-variables.ts';
import { playLegs } from './legs.ts';
import type { PlayedJobs } from './played-jobs.ts';

/** A stage that has ended, with what later stages may ask of it. */
export interface StageDone extends Done {
  readonly jobs: readonly Done[];
  readonly shown: StageResult;
}

/** Plays the jobs of a stage in the order of their dependencies, one at a time. */
export async function playStage(
  state: RunState,
  stage: Stage,
  attempt: number,
  known: { readonly stageDependencies: Dictionary; readonly variables: Dictionary },
): Promise<StageDone> {
  const startedAt = state.agent.clock.now();
  const { name, displayName } = stage;
  state.view.stageStarted({ name, displayName, attempt });
  const done: Done[] = [];
  const shown: JobResult[] = [];
  for (let job = next(stage.jobs, done); job !== undefined; job = next(stage.jobs, done)) {
    const names = new Map<string, Value>([
      ['dependencies', dependenciesOf(job.dependsOn, done)],
      ['stagedependencies', known.stageDependencies],
    ]);
    const [ended, results] = await playOrSkip(state, { stage, job, attempt, names }, done, known.variables);
    done.push(ended);
    shown.push(...results);
  }
  const result = overall(done.map((job) => job.result));
  state.view.stageFinished({ name, displayName, result });
  return stageDone(stage, done, {
    name,
    displayName,
    attempt,
    result,
    startedAt,
    finishedAt: state.agent.clock.now(),
    jobs: shown,
  });
}

export function stageDone(stage: Stage, jobs: readonly Done[], shown: StageResult): StageDone {
  const pairs = jobs.flatMap((job) =>
    Object.entries(job.outputs).map(([key, value]) => [`${job.name}.${key}`, value] as const),
  );
  return {
    name: stage.name,
    dependsOn: stage.dependsOn,
    result: shown.result,
    outputs: Object.fromEntries(pairs),
    jobs,
    shown,
  };
}

/** The first in the file that has not been played and waits for nothing. */
export function next<Node extends { readonly name: string; readonly dependsOn: readonly string[] }>(
  nodes: readonly Node[],
  done: readonly { readonly name: string }[],
): Node | undefined {
  const isDone = (name: string) => done.some((item) => item.name.toLowerCase() === name.toLowerCase());
  return nodes.find(({ name, dependsOn }) => !isDone(name) && dependsOn.every(isDone));
}

type Ended = readonly [Done, readonly JobResult[]];

async function playOrSkip(
  state: RunState,
  plan: Omit<JobPlan, 'steps' | 'hook'>,
  done: readonly Done[],
  outer: Dictionary,
): Promise<Ended> {
  const { stage, job } = plan;
  const variables = variablesForCondition(outer, undefined, job.variables);
  const names = new Map<string, Value>([...plan.names, ['variables', variables]]);
  if (!conditionHolds(job, done, state.cancelled.aborted, names)) {
    state.view.note(
      `Job ${job.displayName} of ${stage.displayName || 'the pipeline'} is skipped: its condition is not met`,
    );
    return [ended(job, 'skipped', {}), [skippedJob(state, job)]];
  }
  const { jobs, outputs } = await playWork(state, plan);
  return [ended(job, overall(jobs.map(({ result }) => result)), outputs), jobs];
}

async function playWork(state: RunState, plan: Omit<JobPlan, 'steps' | 'hook'>): Promise<PlayedJobs> {
  const { work } = plan.job;
  if (work.kind === 'deployment') return playDeployment(state, plan, work);
  const steps = withCheckout(work.steps, plan.job);
  if (work.copies) return playLegs(state, plan, steps, work.copies);
  const result = await playJob(state, { ...plan, steps, hook: '' });
  return { jobs: [result], outputs: outputsOf(result) };
}

function ended(job: Job, result: Result, outputs: Readonly<Record<string, string>>): Done {
  const softened = result === 'failed' && job.continueOnError ? 'succeededWithIssues' : result;
  return { name: job.name, dependsOn: job.dependsOn, result: softened, outputs };
}

function skippedJob(state: RunState, job: Job): JobResult {
  const now = state.agent.clock.now();
  return {
    name: job.name,
    displayName: job.displayName,
    result: 'skipped',
    startedAt: now,
    finishedAt: now,
    hook: '',
    leg: '',
    environment: environmentOf(job),
    issues: [],
    steps: [],
  };
}

/** An ordinary job checks out the repository first, unless it says otherwise; a deployment never does by itself. */
function withCheckout(steps: Extract<Job['work'], { kind: 'steps' }>['steps'], { place }: Job): typeof steps {
  if (steps.some(({ kind }) => kind === 'checkout')) return steps;
  const nothing = {
    name: '',
    env: [],
    timeoutInMinutes: 0,
    retryCountOnTaskFailure: 0,
    continueOnError: false,
    enabled: true,
  };
  return [{ kind: 'checkout', repository: 'self', displayName: 'Checkout', place, ...nothing }, ...steps];
}
