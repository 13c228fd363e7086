import type { HookName, Job, Step, Strategy } from '../model/pipeline.ts';
import { isGood, type JobResult } from '../result.ts';
import { type JobPlan, outputsOf, playJob, type RunState } from './job-run.ts';
import { machinesOf } from './machines.ts';
import type { PlayedJobs } from './played-jobs.ts';
import { sideBySide } from './side-by-side.ts';

/** One hook, on one machine where the environment has machines. */
interface Turn {
  readonly hook: string;
  readonly steps: readonly Step[];
  readonly increment?: number;
  readonly machine?: string;
}

/** Turns that are played side by side: one hook on each machine of a batch. */
type Round = readonly Turn[];

/** No machine where a deployment goes to the environment alone. */
type Batch = readonly (string | undefined)[];

const iterated: readonly HookName[] = ['deploy', 'routeTraffic', 'postRouteTraffic'];

/**
 * Plays the hooks one after the other, each a job of its own. The first that fails ends them, and `on: failure` runs;
 * the deployment has failed all the same (learn.microsoft.com/azure/devops/pipelines/process/deployment-jobs).
 */
export async function playDeployment(
  state: RunState,
  plan: Omit<JobPlan, 'steps' | 'hook'>,
  work: Job['work'] & { kind: 'deployment' },
): Promise<PlayedJobs> {
  const { strategy, environment } = work;
  const played: (readonly [Turn, JobResult])[] = [];
  const play = async (round: Round) => {
    const results = await sideBySide(round, 0, (turn, agent) => playTurn(state, { ...plan, agent }, turn));
    played.push(...results.map((result, index) => [round[index] as Turn, result] as const));
    return results.map(({ result }) => result);
  };
  const reached = () => [...new Set(played.map(([{ machine }]) => machine))];
  const finished = () => ({ jobs: played.map(([, job]) => job), outputs: outputsFrom(played, plan.job, strategy) });
  for (const round of roundsOf(strategy, machinesOf(environment, state.options.machines))) {
    const results = await play(round);
    if (results.every(isGood)) continue;
    if (results.includes('failed')) await play(turnsOf('on.failure', strategy.onFailure, reached()));
    return finished();
  }
  await play(turnsOf('on.success', strategy.onSuccess, reached()));
  return finished();
}

function playTurn(state: RunState, plan: Omit<JobPlan, 'steps' | 'hook'>, turn: Turn): Promise<JobResult> {
  const deploys = turn.hook.startsWith('deploy') && state.artifacts.names().length > 0;
  return playJob(state, { ...plan, ...turn, steps: deploys ? withDownload(turn.steps, plan.job) : turn.steps });
}

/**
 * `deploy` downloads all artifacts first, unless it says which it wants
 * (learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps-download#automatic-download-in-deployment-jobs).
 */
function withDownload(steps: readonly Step[], { place }: Job): readonly Step[] {
  if (steps.some(({ kind }) => kind === 'download')) return steps;
  const always = { name: '', env: [], timeoutInMinutes: 0, retryCountOnTaskFailure: 0 };
  const all = { from: 'current', artifact: '', patterns: '**', displayName: 'Download artifacts' } as const;
  return [{ kind: 'download', ...all, ...always, place, continueOnError: false, enabled: true }, ...steps];
}

/** A canary does `preDeploy` once, then the other hooks for each increment; on machines each batch does all hooks. */
function roundsOf(strategy: Strategy, machines: readonly string[] | undefined): readonly Round[] {
  const { kind, increments, hooks } = strategy;
  const all = (['preDeploy', ...iterated] as const).filter((hook) => hooks.has(hook));
  if (kind !== 'canary')
    return batchesOf(strategy, machines).flatMap((batch) => all.map((hook) => turnsOf(hook, hooks.get(hook), batch)));
  const once = all.filter((hook) => hook === 'preDeploy').map((hook) => turnsOf(hook, hooks.get(hook), [undefined]));
  const rounds = increments.flatMap((increment) =>
    iterated.map((hook) => turnsOf(`${hook}_${increment}`, hooks.get(hook), [undefined], increment)),
  );
  return [...once, ...rounds];
}

/** A share is rounded down, and is at least one machine; how the service rounds is not known. */
function batchesOf({ kind, maxParallel }: Strategy, machines: readonly string[] | undefined): readonly Batch[] {
  if (machines === undefined) return [[undefined]];
  const total = machines.length;
  const share =
    'count' in maxParallel ? maxParallel.count : Math.max(1, Math.floor((total * maxParallel.percent) / 100));
  const size = kind === 'rolling' ? share : total;
  return Array.from({ length: Math.ceil(total / size) }, (_, at) => machines.slice(at * size, (at + 1) * size));
}

function turnsOf(hook: string, steps: readonly Step[] | undefined, batch: Batch, increment?: number): Round {
  if (steps === undefined) return [];
  return batch.map((machine) => ({
    hook: machine === undefined ? hook : `${hook}_${machine}`,
    steps,
    ...(increment !== undefined && { increment }),
    ...(machine !== undefined && { machine }),
  }));
}

/**
 * How `outputs['…']` begins: the deployment's own name for what a runOnce deploys, else the hook, with its increment in a
 * canary and its machine on machines (deployment-jobs#support-for-output-variables).
 */
function outputsFrom(
  played: readonly (readonly [Turn, JobResult])[],
  { name }: Job,
  { kind }: Strategy,
): Readonly<Record<string, string>> {
  const pairs = played.flatMap(([{ hook }, result]) => {
    const prefix = kind === 'runOnce' && hook === 'deploy' ? name : hook;
    return Object.entries(outputsOf(result)).map(([key, value]) => [`${prefix}.${key}`, value] as const);
  });
  return Object.fromEntries(pairs);
}
