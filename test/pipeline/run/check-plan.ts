import { findInput, isConnection } from '../agent/inputs.ts';
import { findConnection, type ServiceConnection } from '../agent/service-connection.ts';
import { chooseHandler, findTask, type TaskDefinition } from '../agent/task-folder.ts';
import { fillMacros } from '../agent/variables.ts';
import type { Job, Pipeline, Step, TaskStep } from '../model/pipeline.ts';
import { notPlayed, PipelineError } from '../yaml/problem.ts';
import { refuseWrongTarget } from './machines.ts';
import type { RunOptions } from './run-options.ts';

export interface Known {
  readonly tasks: readonly TaskDefinition[];
  readonly connections: readonly ServiceConnection[];
  readonly nodeMajor: number;
  /** Variables of the settings page. */
  readonly given: readonly (readonly [string, string])[];
  readonly machines: RunOptions['machines'];
}

/** What the service refuses before it starts a run: tasks and service connections that are not there. */
export function checkPlan(pipeline: Pipeline, known: Known): void {
  for (const stage of pipeline.stages) {
    for (const job of stage.jobs) {
      const texts = [...pipeline.variables, ...stage.variables, ...job.variables].flatMap(({ name, value }) =>
        value.kind === 'text' ? [[name, value.text] as const] : [],
      );
      const variables = new Map([...known.given, ...texts].map(([name, value]) => [name.toLowerCase(), value]));
      refuseWrongTarget(job, known.machines);
      for (const step of stepsOf(job)) checkStep(step, known, variables);
    }
  }
}

function checkStep(step: Step, known: Known, variables: ReadonlyMap<string, string>): void {
  if (step.kind === 'script' && step.shell === 'pwsh') throw notPlayed(step.place, 'steps.pwsh');
  if (step.kind !== 'task') return;
  const task = findTask(known.tasks, step.task, step.major, step.place);
  for (const handlers of [task.prejobexecution, task.execution, task.postjobexecution]) {
    if (handlers !== undefined) needHandler(step, handlers, known.nodeMajor);
  }
  for (const { name, value, place } of step.inputs) {
    if (!isConnection(findInput(task, name)?.type ?? '')) continue;
    for (const written of value.split(',')) {
      // The service authorises connections before the run: a variable that only the run sets comes too late.
      const wanted = fillMacros(written.trim(), (variable) => variables.get(variable.toLowerCase()));
      const found = findConnection(known.connections, wanted);
      const what = `step ${step.displayName} input ${name} references service connection "${wanted}"`;
      if (found === undefined) throw new PipelineError(place, `${what}, which could not be found`);
    }
  }
}

function stepsOf({ work }: Job): readonly Step[] {
  if (work.kind === 'steps') return work.steps;
  const { hooks, onSuccess = [], onFailure = [] } = work.strategy;
  return [...[...hooks.values()].flat(), ...onSuccess, ...onFailure];
}

function needHandler(step: TaskStep, handlers: Parameters<typeof chooseHandler>[0], nodeMajor: number): void {
  try {
    chooseHandler(handlers, nodeMajor);
  } catch (cause) {
    throw new PipelineError(step.place, `${step.task}@${step.major}: ${(cause as Error).message}`, { cause });
  }
}
