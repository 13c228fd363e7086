import type { TaskInput, TaskJson } from './task-json.ts';

/** The reference page of a task: docs/tasks/<Name>.md, made from its task.json and never written by hand. */
export function taskPage(task: TaskJson): string {
  const parts = [
    `<!-- Made from tasks/${task.name}/task.json by \`npm run docs\`. -->`,
    `# ${task.name}@${task.version.Major}`,
    task.description,
    task.helpMarkDown,
    '## In YAML',
    fenced('yaml', snippet(task)),
    '## Inputs',
    ...inputSections(task),
    '## Outputs',
    `Read as \`$(step.name)\` by later steps of the job, where \`step\` is the step's \`name:\`; from other jobs and stages as [Microsoft's page](https://learn.microsoft.com/azure/devops/pipelines/process/set-variables-scripts) says.`,
    table(
      ['Output', 'What it is'],
      task.outputVariables.map(({ name, description }) => [code(name), description]),
    ),
    '## Needs',
    `Agent ${task.minimumAgentVersion} or later. See [permissions](../permissions.md) for the rights of the service connection and [troubleshooting](../troubleshooting.md) for what the errors mean.`,
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Every input once: those that must be given first, as they are; the others as comments with their defaults. */
function snippet({ name, version, inputs }: TaskJson): string {
  const given = inputs.filter(isRequired).map((input) => `    ${input.name}: ${exampleOf(input)}`);
  const optional = inputs
    .filter((input) => !isRequired(input))
    .map((input) => `    # ${input.name}: ${exampleOf(input)}`);
  return [
    `- task: ${name}@${version.Major}`,
    `  name: ${name.charAt(0).toLowerCase()}${name.slice(1)}`,
    '  inputs:',
    ...given,
    ...optional,
  ].join('\n');
}

function exampleOf({ type, defaultValue = '', options }: TaskInput): string {
  const words = Object.keys(options ?? {});
  const comment = words.length > 0 ? ` # ${words.join(' | ')}` : '';
  if (defaultValue !== '') return `${quoted(defaultValue)}${comment}`;
  return type === 'multiLine' ? '|' : `''${comment}`;
}

/** What YAML would read as something else than a text is quoted. */
function quoted(value: string): string {
  return needsQuotes(value) ? `'${value.replaceAll("'", "''")}'` : value;
}

function needsQuotes(value: string): boolean {
  return !/^[A-Za-z/$][\w./$()@-]*$/.test(value) || /^(yes|no|on|off|null)$/i.test(value);
}

function inputSections({ groups = [], inputs }: TaskJson): readonly string[] {
  const sections = [undefined, ...groups].map((group) => {
    const rows = inputs.filter(({ groupName }) => groupName === group?.name).map(inputRow);
    const shown = group?.visibleRule ? [`Used where ${code(group.visibleRule)}.`] : [];
    const heading = group ? [`### ${group.displayName}`, ...shown] : [];
    return rows.length > 0 ? [...heading, table(['Input', 'What it is'], rows)] : [];
  });
  return sections.flat();
}

function inputRow(input: TaskInput): readonly string[] {
  const { name, label, helpMarkDown, options, defaultValue = '', visibleRule } = input;
  const notes = [
    isRequired(input) ? '**Required.**' : '',
    `${label}. ${helpMarkDown}`,
    options ? `One of ${Object.keys(options).map(code).join(', ')}.` : '',
    defaultValue === '' ? '' : `Default: ${code(defaultValue)}.`,
    visibleRule ? `Used where ${code(visibleRule)}.` : '',
  ];
  return [code(name), notes.filter((note) => note !== '').join(' ')];
}

/** Must be written down: required, and no default to fall back to. */
function isRequired({ required, defaultValue = '' }: TaskInput): boolean {
  return required === true && defaultValue === '';
}

/** A table of Markdown that stays one, whatever its cells hold. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A block of code. */
export function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function code(text: string): string {
  return `\`${text.replace(/\s*\n\s*/g, ' ')}\``;
}
