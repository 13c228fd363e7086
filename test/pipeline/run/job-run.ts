import { join } from 'node:path';
import type { Agent } from '../agent/agent.ts';
import { type JobOutcome, runJob } from '../agent/job.ts';
import { Variables } from '../agent/variables.ts';
import type { Value } from '../expressions/values.ts';
import type { Job, Pipeline, Stage, Step } from '../model/pipeline.ts';
import type { JobResult } from '../result.ts';
import type { JobView, RunView } from '../view/view.ts';
import { guidOf } from './identity.ts';
import { setGivenVariables, setYamlVariables } from './job-variables.ts';
import type { RunOptions } from './run-options.ts';
import { type RunIdentity, setSystemVariables } from './system-variables.ts';

/** A step whose process is running now. */
export interface RunningStep {
  readonly stage: string;
  readonly job: string;
  /** Empty for an ordinary job. */
  readonly hook: string;
  readonly step: string;
  readonly processId: number;
}

/** Everything that jobs of one run share. */
export interface RunState {
  readonly options: RunOptions;
  readonly agent: Omit<Agent, 'gone'>;
  readonly identity: RunIdentity;
  readonly pipeline: Pipeline;
  readonly view: RunView;
  cancelled: AbortSignal;
  running: RunningStep | undefined;
  killAgent: () => void;
  jobsStarted: number;
}

/** What one job of the agent is made of: an ordinary job, or one hook of a deployment. */
export interface JobPlan {
  readonly stage: Stage;
  readonly job: Job;
  readonly attempt: number;
  readonly steps: readonly Step[];
  /** `deploy`, `routeTraffic_10`, `on.failure`; empty for an ordinary job. */
  readonly hook: string;
  readonly increment?: number;
  /** `dependencies` and `stageDependencies` for `$[ ]`. */
  readonly names: ReadonlyMap<string, Value>;
}

/** Plays one agent job and keeps what it did. */
export async function playJob(state: RunState, plan: JobPlan): Promise<JobResult> {
  const { stage, job, hook } = plan;
  const { clock } = state.agent;
  const startedAt = clock.now();
  const environment = job.work.kind === 'deployment' ? job.work.environment : '';
  const view = state.view.jobStarted({
    stage: stage.name,
    name: job.name,
    displayName: job.displayName,
    hook,
    environment,
  });
  const outcome = await runOnAgent(state, plan, view);
  view.finished(outcome.result);
  const { name, displayName } = job;
  return { name, displayName, hook, environment, ...outcome, startedAt, finishedAt: clock.now() };
}

async function runOnAgent(state: RunState, plan: JobPlan, view: Parameters<typeof runJob>[2]): Promise<JobOutcome> {
  const { stage, job, hook } = plan;
  const gone = new AbortController();
  state.killAgent = () => gone.abort();
  const folder = join(state.agent.workFolder, String(++state.jobsStarted));
  try {
    return await runJob(
      { ...state.agent, gone: gone.signal },
      {
        steps: plan.steps,
        variables: variablesOf(state, plan, folder, view),
        folder,
        tempFolder: join(state.agent.workFolder, '_temp'),
        timeoutInMinutes: job.timeoutInMinutes,
        cancelTimeoutInMinutes: job.cancelTimeoutInMinutes,
        cancelled: state.cancelled,
        onProcess: (step, processId) => {
          state.running =
            processId === undefined ? undefined : { stage: stage.name, job: job.name, hook, step, processId };
        },
        setBuildNumber: (number) => {
          state.identity.buildNumber = number;
        },
      },
      view,
    );
  } finally {
    state.running = undefined;
    state.killAgent = () => {};
  }
}

function variablesOf(state: RunState, plan: JobPlan, folder: string, view: JobView): Variables {
  const { options, agent, identity, pipeline } = state;
  const { stage, job, hook, attempt } = plan;
  const variables = new Variables(agent.masker);
  const strategy = job.work.kind === 'deployment' ? job.work.strategy.kind : undefined;
  setGivenVariables(variables, options.variables, agent.masker);
  setSystemVariables(variables, { ...agent, gone: new AbortController().signal }, identity, {
    jobId: guidOf(identity.planId, stage.name, attempt, job.name, hook),
    stage,
    phase: job,
    jobName: hook || job.name,
    jobDisplayName: job.displayName,
    attempt,
    folder,
    environment: job.work.kind === 'deployment' ? job.work.environment : '',
    strategy: strategy && { name: strategy, ...(plan.increment !== undefined && { increment: plan.increment }) },
  });
  const definitions = [...pipeline.variables, ...stage.variables, ...job.variables];
  for (const { name, place, value } of setYamlVariables(variables, definitions, plan.names, agent.masker)) {
    view.note(`${place.file}:${place.line}: variable "${name}" is empty: ${value.text} gives nothing`);
  }
  return variables;
}

/** `step.variable` for every output of a job's steps; a step that is played twice (pre-job, post-job) keeps both. */
export function outputsOf({ steps }: JobResult): Readonly<Record<string, string>> {
  const pairs = steps.flatMap(({ name, outputs }) =>
    Object.entries(outputs).map(([key, value]) => [`${name}.${key}`, value] as const),
  );
  return Object.fromEntries(pairs);
}
