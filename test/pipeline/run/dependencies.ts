import { evaluate } from '../expressions/evaluate.ts';
import { ExpressionError } from '../expressions/tokens.ts';
import { Dictionary, toBoolean, toText, type Value } from '../expressions/values.ts';
import type { Condition } from '../model/pipeline.ts';
import { isGood, type Result, spelled } from '../result.ts';
import { PipelineError } from '../yaml/problem.ts';

/** A stage or job that has ended, as those after it see it. */
export interface Done {
  readonly name: string;
  readonly dependsOn: readonly string[];
  readonly result: Result;
  /** `step.variable` of a job; `job.step.variable` of a stage or a deployment. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** `dependencies.X.result` and `dependencies.X.outputs['…']` for those named in dependsOn. */
export function dependenciesOf(dependsOn: readonly string[], done: readonly Done[]): Dictionary {
  return new Dictionary(directly(dependsOn, done).map((item) => [item.name, asValue(item)] as const));
}

/** `stageDependencies.S.J` for the stages named in the stage's dependsOn. */
export function stageDependenciesOf(
  dependsOn: readonly string[],
  done: readonly (Done & { readonly jobs: readonly Done[] })[],
): Dictionary {
  const stages = done.filter(({ name }) => includes(dependsOn, name));
  return new Dictionary(
    stages.map(
      ({ name, jobs }) => [name, new Dictionary(jobs.map((job) => [job.name, asValue(job)] as const))] as const,
    ),
  );
}

function asValue({ result, outputs }: Done): Dictionary {
  return new Dictionary([
    ['result', spelled(result)],
    ['outputs', new Dictionary(Object.entries(outputs))],
  ]);
}

/**
 * Whether a stage or job starts. Where it says nothing, everything before it in the graph must have succeeded: what was
 * skipped has not (learn.microsoft.com/azure/devops/pipelines/process/expressions#job-status-check-functions).
 */
export function conditionHolds(
  node: { readonly dependsOn: readonly string[]; readonly condition?: Condition },
  done: readonly Done[],
  cancelled: boolean,
  names: ReadonlyMap<string, Value>,
): boolean {
  const functions = statusFunctions(node.dependsOn, done, cancelled);
  if (node.condition === undefined) return toBoolean(functions.get('succeeded')?.([]) ?? null);
  try {
    return toBoolean(evaluate(node.condition.expression, { names, functions }));
  } catch (cause) {
    if (cause instanceof ExpressionError) throw new PipelineError(node.condition.place, cause.message, { cause });
    throw cause;
  }
}

type Functions = ReadonlyMap<string, (args: readonly Value[]) => Value>;

function statusFunctions(dependsOn: readonly string[], done: readonly Done[], cancelled: boolean): Functions {
  const graph = before(dependsOn, done);
  const asked = (args: readonly Value[]) => (args.length === 0 ? graph : directly(args.map(toText), done));
  return new Map<string, (args: readonly Value[]) => Value>([
    ['always', () => true],
    ['canceled', () => cancelled],
    ['failed', (args) => !cancelled && asked(args).some(({ result }) => result === 'failed')],
    ['succeeded', (args) => !cancelled && asked(args).every(({ result }) => isGood(result))],
    [
      'succeededorfailed',
      (args) =>
        !cancelled && (args.length === 0 || asked(args).some(({ result }) => isGood(result) || result === 'failed')),
    ],
  ]);
}

/** Everything that must come before, however far away. */
function before(dependsOn: readonly string[], done: readonly Done[]): readonly Done[] {
  const found = new Set<Done>();
  for (const item of directly(dependsOn, done)) {
    found.add(item);
    for (const earlier of before(item.dependsOn, done)) found.add(earlier);
  }
  return [...found];
}

function directly(names: readonly string[], done: readonly Done[]): readonly Done[] {
  return done.filter(({ name }) => includes(names, name));
}

function includes(names: readonly string[], name: string): boolean {
  return names.some((wanted) => wanted.toLowerCase() === name.toLowerCase());
}

/** The worst of several results, as a stage or run shows it: a cancel hides a failure, a skip counts for nothing. */
export function overall(results: readonly Result[]): Result {
  const order: readonly Result[] = ['canceled', 'failed', 'succeededWithIssues', 'succeeded'];
  return order.find((result) => results.includes(result)) ?? (results.length === 0 ? 'succeeded' : 'skipped');
}
