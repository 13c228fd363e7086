import { join } from 'node:path';
import type { Agent } from '../agent/agent.ts';
import type { Artifacts } from '../agent/artifacts.ts';
import { type JobOutcome, runJob } from '../agent/job.ts';
import { Variables } from '../agent/variables.ts';
import type { Value } from '../expressions/values.ts';
import type { Job, Leg, Pipeline, Stage, Step } from '../model/pipeline.ts';
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
  readonly artifacts: Artifacts;
  cancelled: AbortSignal;
  /** By job, in the order in which they started: side by side there may be several. */
  readonly running: Map<JobPlan, RunningStep>;
  /** Aborting one ends its agent. */
  readonly agents: Set<AbortController>;
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
  /** One copy of a job with a matrix or `parallel`: the how-manieth of how many. */
  readonly leg?: Leg & { readonly at: number; readonly of: number };
  /** The environment's machine that the hook is for. */
  readonly machine?: string;
  /** Jobs side by side run on agents of their own, counted from 0. */
  readonly agent?: number;
  /** `dependencies` and `stageDependencies` for `$[ ]`. */
  readonly names: ReadonlyMap<string, Value>;
}

/** Plays one agent job and keeps what it did. */
export async function playJob(state: RunState, plan: JobPlan): Promise<JobResult> {
  const { stage, job, hook } = plan;
  const { clock } = state.agent;
  const startedAt = clock.now();
  const heading = { name: job.name, displayName: displayNameOf(plan), hook, environment: environmentOf(job) };
  const tag = plan.leg?.name ?? plan.machine ?? '';
  const view = state.view.jobStarted({ stage: stage.name, ...heading, tag });
  const outcome = await runOnAgent(state, plan, view);
  view.finished(outcome.result);
  return { ...heading, leg: plan.leg?.name ?? '', ...outcome, startedAt, finishedAt: clock.now() };
}

/** A copy's name stands behind the job's (learn.microsoft.com/azure/devops/pipelines/yaml-schema/jobs-job-strategy). */
function displayNameOf({ job, leg }: JobPlan): string {
  return leg === undefined ? job.displayName : `${job.displayName} ${leg.name}`;
}

export function environmentOf({ work }: Job): string {
  return work.kind === 'deployment' ? work.environment.name : '';
}

async function runOnAgent(state: RunState, plan: JobPlan, view: Parameters<typeof runJob>[2]): Promise<JobOutcome> {
  const { stage, job, hook } = plan;
  const gone = new AbortController();
  state.agents.add(gone);
  const folder = join(state.agent.workFolder, String(++state.jobsStarted));
  try {
    return await runJob(
      { ...state.agent, gone: gone.signal },
      {
        steps: plan.steps,
        variables: variablesOf(state, plan, folder, view),
        folder,
        tempFolder: tempFolderOf(state, plan),
        artifacts: state.artifacts,
        timeoutInMinutes: job.timeoutInMinutes,
        cancelTimeoutInMinutes: job.cancelTimeoutInMinutes,
        cancelled: state.cancelled,
        onProcess: (step, processId) => {
          state.running.delete(plan);
          if (processId !== undefined)
            state.running.set(plan, { stage: stage.name, job: job.name, hook, step, processId });
        },
        setBuildNumber: (number) => {
          state.identity.buildNumber = number;
        },
      },
      view,
    );
  } finally {
    state.running.delete(plan);
    state.agents.delete(gone);
  }
}

/** An agent of its own has a temporary folder of its own. */
function tempFolderOf({ agent }: RunState, { agent: number = 0 }: JobPlan): string {
  return join(agent.workFolder, number === 0 ? '_temp' : `_temp${number + 1}`);
}

function variablesOf(state: RunState, plan: JobPlan, folder: string, view: JobView): Variables {
  const { options, agent, identity, pipeline } = state;
  const { stage, job, hook, attempt, leg, machine } = plan;
  const variables = new Variables(agent.masker);
  const strategy = job.work.kind === 'deployment' ? job.work.strategy.kind : undefined;
  setGivenVariables(variables, options.variables, agent.masker);
  setSystemVariables(variables, { ...agent, gone: new AbortController().signal }, identity, {
    jobId: guidOf(identity.planId, stage.name, attempt, job.name, hook, ...(leg ? [leg.name] : [])),
    stage,
    phase: job,
    jobName: leg?.name ?? (hook || job.name),
    jobDisplayName: displayNameOf(plan),
    attempt,
    folder,
    tempFolder: tempFolderOf(state, plan),
    agentName: machine ?? (plan.agent ? `player-${plan.agent + 1}` : 'player'),
    environment: environmentOf(job),
    ...(machine !== undefined && { machine }),
    ...(leg && { position: leg }),
    strategy: strategy && { name: strategy, ...(plan.increment !== undefined && { increment: plan.increment }) },
  });
  const definitions = [...pipeline.variables, ...stage.variables, ...job.variables];
  for (const { name, place, value } of setYamlVariables(variables, definitions, plan.names, agent.masker)) {
    view.note(`${place.file}:${place.line}: variable "${name}" is empty: ${value.text} gives nothing`);
  }
  for (const [name, value] of leg?.variables ?? []) variables.set(name, value);
  return variables;
}

/** `step.variable` for every output of a job's steps; a step that is played twice (pre-job, post-job) keeps both. */
export function outputsOf({ steps }: JobResult): Readonly<Record<string, string>> {
  const pairs = steps.flatMap(({ name, outputs }) =>
    Object.entries(outputs).map(([key, value]) => [`${name}.${key}`, value] as const),
  );
  return Object.fromEntries(pairs);
}
