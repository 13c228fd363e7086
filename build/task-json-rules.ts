import { groupFindings } from './rules/groups.ts';
import { handlerFindings } from './rules/handlers.ts';
import { headFindings } from './rules/head.ts';
import { inputFindings } from './rules/inputs.ts';
import { outputFindings } from './rules/outputs.ts';
import type { TaskFile } from './task-json.ts';

/** One thing that is wrong with a task.json, as a sentence that says what would be right. */
export interface Finding {
  readonly task: string;
  readonly message: string;
}

/**
 * What is wrong with these task.json files. tfx looks at six fields; the marketplace and the agent look at more, and late
 * (pipelines.md §1, §3, §2).
 */
export function taskJsonFindings(tasks: readonly TaskFile[], version: string): readonly Finding[] {
  const alone = tasks.flatMap((task) =>
    [
      ...headFindings(task, version),
      ...groupFindings(task.json),
      ...inputFindings(task.json),
      ...outputFindings(task.json),
      ...handlerFindings(task.json),
    ].map((message) => ({ task: task.folder, message })),
  );
  return [...alone, ...sharedIds(tasks)];
}

/** Two tasks with one id: the second replaces the first in the organisation that installs them. */
function sharedIds(tasks: readonly TaskFile[]): readonly Finding[] {
  return tasks.flatMap((task, index) => {
    const other = tasks.slice(0, index).find(({ json }) => lower(json.id) === lower(task.json.id));
    return other ? [{ task: task.folder, message: `id is also the id of ${other.folder}` }] : [];
  });
}

function lower(id: unknown): string {
  return String(id).toLowerCase();
}
