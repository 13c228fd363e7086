import type { TaskFile, TaskJson } from '../../build/task-json.ts';

/** A task.json that every rule accepts, as small as that goes. */
export const sampleTask: TaskJson = {
  id: '6f2b3a0e-0c55-4c1e-9d2b-0a4b6f0d7c11',
  name: 'SampleTask',
  friendlyName: 'A sample',
  description: 'Shows what a task.json looks like.',
  helpMarkDown: 'Reads nothing and does nothing.',
  author: 'the tests',
  category: 'Deploy',
  visibility: ['Build', 'Release'],
  runsOn: ['Agent', 'DeploymentGroup'],
  version: { Major: 1, Minor: 2, Patch: 3 },
  minimumAgentVersion: '4.248.0',
  instanceNameFormat: 'Do $(mode)',
  groups: [{ name: 'advanced', displayName: 'Advanced', visibleRule: 'mode = slow' }],
  inputs: [
    {
      name: 'azureSubscription',
      type: 'connectedService:AzureRM',
      label: 'Service connection',
      required: true,
      helpMarkDown: 'Which Azure.',
    },
    {
      name: 'mode',
      type: 'pickList',
      label: 'Mode',
      options: { fast: 'Fast', slow: 'Slow' },
      defaultValue: 'fast',
      helpMarkDown: 'How fast.',
    },
    { name: 'note', type: 'string', label: 'Note', groupName: 'advanced', helpMarkDown: 'Why so slow.' },
    { name: 'loud', type: 'boolean', label: 'Loud', defaultValue: 'false', helpMarkDown: 'Say more.' },
  ],
  outputVariables: [{ name: 'outcome', description: 'How it ended.' }],
  restrictions: { commands: { mode: 'any' }, settableVariables: { allowed: ['outcome'] } },
  execution: {
    Node20_1: { target: 'index.js', argumentFormat: '' },
    Node24: { target: 'index.js', argumentFormat: '' },
  },
};

export const sampleFile: TaskFile = { folder: 'SampleTask', json: sampleTask, icon: { width: 32, height: 32 } };

/** The sample with some fields other than they should be. */
export function withJson(change: object): TaskFile {
  return { ...sampleFile, json: { ...sampleTask, ...change } };
}

/** The sample with one more input. */
export function withInput(input: object): TaskFile {
  const harmless = { name: 'more', type: 'string', label: 'More', helpMarkDown: 'More.' };
  return withJson({ inputs: [...sampleTask.inputs, { ...harmless, ...input }] });
}
