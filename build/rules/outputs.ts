import type { TaskJson } from '../task-json.ts';
import { repeated } from './groups.ts';
import { isText, sameWords, show, unless } from './head.ts';

/** Output variables, and that a program inside the task can set no others (pipelines.md §3). */
export function outputFindings({ outputVariables = [], restrictions }: Partial<TaskJson>): readonly string[] {
  const names = outputVariables.map(({ name }) => name);
  return [
    ...unless(names.length > 0, 'outputVariables is missing'),
    ...outputVariables.flatMap(({ name, description }) => [
      ...unless(
        /^[A-Za-z][A-Za-z0-9]*$/.test(String(name)),
        `output ${show(name)} must be named with letters and digits, a letter first`,
      ),
      ...unless(isText(description), `output ${show(name)} has no description`),
    ]),
    ...repeated(names).map((name) => `output ${show(name)} is there twice`),
    ...unless(
      sameWords(restrictions?.settableVariables?.allowed, names),
      `restrictions.settableVariables.allowed must be the output variables and nothing else: ${show(names)}`,
    ),
    // `restricted` also drops task.uploadsummary, and the summary is half of what a task says
    ...unless(
      [undefined, 'any'].includes(restrictions?.commands?.mode),
      'restrictions.commands.mode must be "any": restricted mode drops the summary',
    ),
  ];
}
