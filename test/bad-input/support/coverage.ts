import { projectFolder, readTask, taskNames } from '../../../build/project.ts';
import type { TaskJson } from '../../../build/task-json.ts';
import type { BadCase } from './case.ts';

/** Inputs of task.json for which no case of that task is to blame, as `Task: input`. */
export function uncovered(cases: readonly BadCase[]): readonly string[] {
  const blamed = new Set(cases.map(({ task, input }) => `${task}: ${input}`));
  const declared = taskNames().flatMap((task) =>
    (readTask(projectFolder, task).json as TaskJson).inputs.map(({ name }) => `${task}: ${name}`),
  );
  return declared.filter((name) => !blamed.has(name));
}

export const codesOf = (cases: readonly BadCase[]) => new Set(cases.map(({ code }) => code));
