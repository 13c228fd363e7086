import { evaluate } from '../expressions/evaluate.ts';
import { ExpressionError } from '../expressions/tokens.ts';
import { Dictionary, toText, type Value } from '../expressions/values.ts';
import { readLegs } from '../model/copies.ts';
import type { Copies, Leg, Matrix, Step } from '../model/pipeline.ts';
import { PipelineError, type Place } from '../yaml/problem.ts';
import { parseYaml } from '../yaml/read-file.ts';
import { type JobPlan, outputsOf, playJob, type RunState } from './job-run.ts';
import type { PlayedJobs } from './played-jobs.ts';
import { sideBySide } from './side-by-side.ts';

/**
 * Plays a job once for each leg of its matrix, or so many times as `parallel` says, on agents of their own. An output
 * is called `leg.step.variable`; copies of `parallel` are `job1`, `job2`, …
 * (learn.microsoft.com/azure/devops/pipelines/process/variables#set-a-multi-job-output-variable).
 */
export async function playLegs(
  state: RunState,
  plan: Omit<JobPlan, 'steps' | 'hook'>,
  steps: readonly Step[],
  copies: Copies,
): Promise<PlayedJobs> {
  const legs = legsOf(copies, plan.names);
  const of = legs.length;
  const jobs = await sideBySide(legs, copies.maxParallel, (leg, agent) =>
    playJob(state, { ...plan, steps, hook: '', agent, leg: { ...leg, at: legs.indexOf(leg) + 1, of } }),
  );
  const outputs = jobs.flatMap((job) =>
    Object.entries(outputsOf(job)).map(([key, value]) => [`${job.leg}.${key}`, value] as const),
  );
  return { jobs, outputs: Object.fromEntries(outputs) };
}

function legsOf({ of, place }: Copies, names: ReadonlyMap<string, Value>): readonly Leg[] {
  if (of.kind === 'parallel')
    return Array.from({ length: of.count }, (_, index) => ({ name: `job${index + 1}`, variables: [] }));
  return of.kind === 'legs' ? of.legs : computedLegs(of, names, place);
}

/** JSON, also with single quotes, as Microsoft's example has it: YAML reads both. */
function computedLegs(
  { expression, text }: Matrix & { kind: 'computed' },
  names: ReadonlyMap<string, Value>,
  place: Place,
): readonly Leg[] {
  try {
    const json = toText(evaluate(expression, { names, functions: new Map() }));
    const scope = { parameters: new Dictionary([]), variables: new Dictionary([]), locals: new Map(), isFinal: true };
    return readLegs({ node: parseYaml(json, 'matrix'), scope });
  } catch (cause) {
    if (!(cause instanceof ExpressionError || cause instanceof PipelineError)) throw cause;
    throw new PipelineError(place, `the matrix ${text} can't be read: ${cause.message}`, { cause });
  }
}
