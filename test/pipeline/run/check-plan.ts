import { findInput, isConnection } from '../agent/inputs.ts';
import { findConnection, type ServiceConnection } from '../agent/service-connection.ts';
import { chooseHandler, findTask, type TaskDefinition } from '../agent/task-folder.ts';
import type { Job, Pipeline, Step, TaskStep } from '../model/pipeline.ts';
import { notPlayed, PipelineError } from '../yaml/problem.ts';

/** What the service refuses before it starts a run: tasks and service connections that are not there. */
export function checkPlan(
  pipeline: Pipeline,
  tasks: readonly TaskDefinition[],
  connections: readonly ServiceConnection[],
  nodeMajor: number,
): void {
  for (const step of pipeline.stages.flatMap(({ jobs }) => jobs.flatMap(stepsOf))) {
    if (step.kind === 'task')
      checkTask(step, findTask(tasks, step.task, step.major, step.place), connections, nodeMajor);
    if (step.kind === 'script' && step.shell === 'pwsh') throw notPlayed(step.place, 'steps.pwsh');
  }
}

export function stepsOf({ work }: Job): readonly Step[] {
  if (work.kind === 'steps') return work.steps;
  const { hooks, onSuccess = [], onFailure = [] } = work.strategy;
  return [...[...hooks.values()].flat(), ...onSuccess, ...onFailure];
}

function checkTask(
  step: TaskStep,
  task: TaskDefinition,
  connections: readonly ServiceConnection[],
  nodeMajor: number,
): void {
  for (const handlers of [task.prejobexecution, task.execution, task.postjobexecution]) {
    if (handlers !== undefined) needHandler(step, handlers, nodeMajor);
  }
  for (const { name, value, place } of step.inputs) {
    const input = findInput(task, name);
    // A value with a macro is looked at when the step runs.
    if (input === undefined || !isConnection(input.type) || value.includes('$(')) continue;
    for (const written of value.split(',')) {
      if (findConnection(connections, written)) continue;
      const what = `step ${step.displayName} input ${name} references service connection "${written.trim()}"`;
      throw new PipelineError(place, `${what}, which could not be found`);
    }
  }
}

function needHandler(step: TaskStep, handlers: Parameters<typeof chooseHandler>[0], nodeMajor: number): void {
  try {
    chooseHandler(handlers, nodeMajor);
  } catch (cause) {
    throw new PipelineError(step.place, `${step.task}@${step.major}: ${(cause as Error).message}`, { cause });
  }
}
