import type { TaskInput, TaskJson } from '../task-json.ts';
import { isText, show, unless } from './head.ts';
import { readVisibleRule } from './visible-rule.ts';

/** Groups and visible rules: what is shown must exist, and what decides must sit where the decided is. */
export function groupFindings({ groups = [], inputs = [] }: Partial<TaskJson>): readonly string[] {
  const names = groups.map((group) => group.name);
  return [
    ...groups.flatMap((group) => unless(isText(group.displayName), `group ${show(group.name)} has no displayName`)),
    ...repeated(names).map((name) => `group ${show(name)} is there twice`),
    ...names.flatMap((name) =>
      unless(
        inputs.some((i) => i.groupName === name),
        `group ${show(name)} has no inputs`,
      ),
    ),
    ...inputs.flatMap((input) => knownGroup(input, names)),
    ...groups.flatMap((group) => ruleFindings(`group ${show(group.name)}`, group.visibleRule, inputs, undefined)),
    ...inputs.flatMap((input) => ruleFindings(`input ${show(input.name)}`, input.visibleRule, inputs, input)),
  ];
}

function knownGroup({ name, groupName }: TaskInput, names: readonly string[]): readonly string[] {
  return unless(
    groupName === undefined || names.includes(groupName),
    `input ${show(name)} is in the group ${show(groupName)}, which is not declared`,
  );
}

function ruleFindings(
  owner: string,
  rule: string | undefined,
  inputs: readonly TaskInput[],
  dependent: TaskInput | undefined,
): readonly string[] {
  if (rule === undefined) return [];
  const conditions = readVisibleRule(rule);
  if (!conditions) return [`visibleRule ${show(rule)} of ${owner} cannot be read`];
  return conditions.flatMap(({ input, value }) => {
    const decides = inputs.find(({ name }) => name === input);
    if (!decides) return [`visibleRule of ${owner} names ${show(input)}, which is not an input`];
    return [
      ...unless(
        !decides.options || value in decides.options,
        `visibleRule of ${owner} waits for ${show(value)}, which ${input} does not offer`,
      ),
      ...unless(
        !dependent || decides.groupName === dependent.groupName,
        `visibleRule of ${owner} looks at ${input} in another group: the editor does not follow it there`,
      ),
    ];
  });
}

/** What is there more than once. */
export function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
