import type { TaskInput, TaskJson } from '../task-json.ts';
import { repeated } from './groups.ts';
import { isText, show, unless } from './head.ts';

const types = [
  'string',
  'multiLine',
  'boolean',
  'pickList',
  'radio',
  'filePath',
  'secureFile',
  'int',
  'connectedService:AzureRM',
];

const choices = ['pickList', 'radio'];

/** The inputs: what the agent hands to the task and what the editor and the docs say of them. */
export function inputFindings({ inputs = [] }: Partial<TaskJson>): readonly string[] {
  const connection = inputs.find(({ name }) => name === 'azureSubscription');
  return [
    ...unless(
      connection?.type === 'connectedService:AzureRM' && connection.required === true,
      'azureSubscription must be a required input of type connectedService:AzureRM',
    ),
    // INPUT_NAME is upper-cased by the agent, so names that differ in case are one variable
    ...repeated(
      inputs.flatMap(({ name, aliases = [] }) => [name, ...aliases]).map((name) => String(name).toLowerCase()),
    ).map((name) => `input ${show(name)} is there twice`),
    ...inputs.flatMap((input) => oneInput(input).map((finding) => `input ${show(input.name)} ${finding}`)),
  ];
}

function oneInput(input: TaskInput): readonly string[] {
  const { name, type, label, helpMarkDown, options, properties = {} } = input;
  return [
    ...unless(/^[A-Za-z][A-Za-z0-9]*$/.test(String(name)), 'must be named with letters and digits, a letter first'),
    ...unless(types.includes(type), `has the type ${show(type)}, which is not one of ${types.join(', ')}`),
    ...unless(isText(label), 'has no label'),
    ...unless(isText(helpMarkDown), 'has no helpMarkDown'),
    ...unless(!choices.includes(type) || Object.keys(options ?? {}).length > 0, 'offers no options'),
    ...unless(choices.includes(type) || options === undefined, `has options, which a ${type} does not show`),
    ...unless(
      Object.values(properties).every((value) => typeof value === 'string'),
      'has properties that are not strings',
    ),
    ...defaultFindings(input),
  ];
}

function defaultFindings({ type, defaultValue, options }: TaskInput): readonly string[] {
  if (defaultValue === undefined) return unless(type !== 'boolean', 'needs a defaultValue, "true" or "false"');
  if (typeof defaultValue !== 'string') return [`has the defaultValue ${show(defaultValue)}, which must be a string`];
  const right =
    type === 'boolean'
      ? ['true', 'false'].includes(defaultValue)
      : type === 'int'
        ? /^\d+$/.test(defaultValue)
        : choices.includes(type)
          ? defaultValue in (options ?? {})
          : true;
  return unless(right, `has the defaultValue ${show(defaultValue)}, which is no value of it`);
}
