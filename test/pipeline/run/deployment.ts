import type { HookName, Job, Step, Strategy } from '../model/pipeline.ts';
import { isGood, type JobResult } from '../result.ts';
import { type JobPlan, outputsOf, playJob, type RunState } from './job-run.ts';

export interface DeploymentOutcome {
  readonly jobs: readonly JobResult[];
  readonly outputs: Readonly<Record<string, string>>;
}

interface Turn {
  readonly hook: string;
  readonly steps: readonly Step[];
  readonly increment?: number;
}

const iterated: readonly HookName[] = ['deploy', 'routeTraffic', 'postRouteTraffic'];

/**
 * Plays the hooks one after the other, each a job of its own. The first that fails ends them, and `on: failure` runs;
 * the deployment has failed all the same (learn.microsoft.com/azure/devops/pipelines/process/deployment-jobs).
 */
export async function playDeployment(
  state: RunState,
  plan: Omit<JobPlan, 'steps' | 'hook'>,
  strategy: Strategy,
): Promise<DeploymentOutcome> {
  const jobs: JobResult[] = [];
  const outputs: Record<string, string> = {};
  const play = async (turn: Turn) => {
    const result = await playJob(state, { ...plan, ...turn });
    jobs.push(result);
    for (const [name, value] of Object.entries(outputsOf(result)))
      outputs[`${prefixOf(plan.job, strategy, turn)}.${name}`] = value;
    return result;
  };
  for (const turn of turnsOf(strategy)) {
    const { result } = await play(turn);
    if (isGood(result)) continue;
    if (result === 'failed' && strategy.onFailure) await play({ hook: 'on.failure', steps: strategy.onFailure });
    return { jobs, outputs };
  }
  if (strategy.onSuccess) await play({ hook: 'on.success', steps: strategy.onSuccess });
  return { jobs, outputs };
}

/** A canary does `preDeploy` once, then the other hooks for each increment. */
function turnsOf({ kind, increments, hooks }: Strategy): readonly Turn[] {
  const once = (hook: HookName): readonly Turn[] => {
    const steps = hooks.get(hook);
    return steps === undefined ? [] : [{ hook, steps }];
  };
  if (kind === 'runOnce') return (['preDeploy', ...iterated] as const).flatMap(once);
  const rounds = increments.flatMap((increment) =>
    iterated.flatMap(once).map(({ hook, steps }) => ({ hook: `${hook}_${increment}`, steps, increment })),
  );
  return [...once('preDeploy'), ...rounds];
}

/**
 * How `outputs['…']` begins: the deployment's own name for what a runOnce deploys, else the hook, with its increment in a
 * canary (deployment-jobs#support-for-output-variables).
 */
function prefixOf(job: Job, strategy: Strategy, { hook }: Turn): string {
  return strategy.kind === 'runOnce' && hook === 'deploy' ? job.name : hook;
}
