import assert from 'node:assert/strict';
import { projectFolder, projectVersion, readTask, taskNames } from '../../build/project.ts';
import type { TaskFile } from '../../build/task-json.ts';
import { taskJsonFindings } from '../../build/task-json-rules.ts';
import { sampleFile, sampleTask, withInput, withJson } from './sample-task.ts';

const [subscription, mode, note] = sampleTask.inputs;

const cases: readonly { readonly task: TaskFile; readonly says: string }[] = [
  { task: withJson({ id: '6f2b3a0e' }), says: 'id "6f2b3a0e" is not a GUID' },
  { task: withJson({ name: 'Sample_Task' }), says: 'name "Sample_Task" may hold letters, digits and hyphens only' },
  { task: { ...sampleFile, folder: 'Other' }, says: 'name "SampleTask" is not the name of its folder, Other' },
  { task: withJson({ friendlyName: 'x'.repeat(41) }), says: 'friendlyName must have 1 to 40 characters' },
  { task: withJson({ friendlyName: undefined }), says: 'friendlyName must have 1 to 40 characters' },
  { task: withJson({ description: ' ' }), says: 'description is missing' },
  { task: withJson({ author: undefined }), says: 'author is missing' },
  { task: withJson({ helpMarkDown: undefined }), says: 'helpMarkDown is missing' },
  { task: withJson({ instanceNameFormat: undefined }), says: 'instanceNameFormat is missing' },
  {
    task: withJson({ instanceNameFormat: 'Do $(mood)' }),
    says: 'instanceNameFormat names $(mood), which is not an input',
  },
  { task: withJson({ category: 'Deployment' }), says: 'category "Deployment" is not one of Build, Utility,' },
  { task: withJson({ visibility: ['Build'] }), says: 'visibility must be ["Build", "Release"]' },
  { task: withJson({ runsOn: undefined }), says: 'runsOn must be ["Agent", "DeploymentGroup"]' },
  {
    task: withJson({ version: { Major: 1, Minor: 2, Patch: 4 } }),
    says: 'version must be the numbers {"Major":1,"Minor":2,"Patch":3}',
  },
  { task: withJson({ version: { Major: '1', Minor: '2', Patch: '3' } }), says: 'version must be the numbers' },
  { task: { ...sampleFile, icon: { width: 64, height: 64 } }, says: 'icon.png must be a PNG of 32x32' },
  { task: { ...sampleFile, icon: undefined }, says: 'icon.png must be a PNG of 32x32' },
  { task: withJson({ groups: [{ name: 'advanced' }] }), says: 'group "advanced" has no displayName' },
  {
    task: withJson({ groups: [...(sampleTask.groups ?? []), ...(sampleTask.groups ?? [])] }),
    says: 'group "advanced" is there twice',
  },
  { task: withJson({ inputs: [subscription, mode] }), says: 'group "advanced" has no inputs' },
  { task: withInput({ groupName: 'later' }), says: 'input "more" is in the group "later", which is not declared' },
  {
    task: withInput({ visibleRule: 'mode is slow' }),
    says: 'visibleRule "mode is slow" of input "more" cannot be read',
  },
  { task: withInput({ visibleRule: 'mode = fast && loud = true || loud = false' }), says: 'cannot be read' },
  {
    task: withInput({ visibleRule: 'mood = slow' }),
    says: 'visibleRule of input "more" names "mood", which is not an input',
  },
  { task: withInput({ visibleRule: 'mode != loud' }), says: 'waits for "loud", which mode does not offer' },
  { task: withInput({ groupName: 'advanced', visibleRule: 'mode = slow' }), says: 'looks at mode in another group' },
  {
    task: withJson({ inputs: [mode, note] }),
    says: 'azureSubscription must be a required input of type connectedService:AzureRM',
  },
  {
    task: withJson({ inputs: [{ ...subscription, required: false }, mode, note] }),
    says: 'azureSubscription must be a required input',
  },
  {
    task: withJson({ inputs: [{ ...subscription, type: 'connectedService:Azure' }, mode, note] }),
    says: 'azureSubscription must be a required',
  },
  { task: withInput({ name: 'MODE' }), says: 'input "mode" is there twice' },
  { task: withInput({ aliases: ['mode'] }), says: 'input "mode" is there twice' },
  { task: withInput({ name: 'my-input' }), says: 'input "my-input" must be named with letters and digits' },
  { task: withInput({ type: 'text' }), says: 'input "more" has the type "text", which is not one of string,' },
  { task: withInput({ label: '' }), says: 'input "more" has no label' },
  { task: withInput({ helpMarkDown: undefined }), says: 'input "more" has no helpMarkDown' },
  { task: withInput({ type: 'radio' }), says: 'input "more" offers no options' },
  { task: withInput({ options: { a: 'A' } }), says: 'input "more" has options, which a string does not show' },
  { task: withInput({ properties: { rows: 5 } }), says: 'input "more" has properties that are not strings' },
  { task: withInput({ type: 'boolean' }), says: 'input "more" needs a defaultValue, "true" or "false"' },
  {
    task: withInput({ type: 'boolean', defaultValue: true }),
    says: 'input "more" has the defaultValue true, which must be a string',
  },
  {
    task: withInput({ type: 'boolean', defaultValue: 'yes' }),
    says: 'input "more" has the defaultValue "yes", which is no value of it',
  },
  {
    task: withInput({ type: 'int', defaultValue: 'few' }),
    says: 'input "more" has the defaultValue "few", which is no value of it',
  },
  {
    task: withInput({ type: 'pickList', options: { a: 'A' }, defaultValue: 'b' }),
    says: 'has the defaultValue "b", which is no value',
  },
  { task: withJson({ outputVariables: [] }), says: 'outputVariables is missing' },
  {
    task: withJson({ outputVariables: [{ name: 'out-come', description: 'x' }] }),
    says: 'output "out-come" must be named with letters',
  },
  { task: withJson({ outputVariables: [{ name: 'outcome' }] }), says: 'output "outcome" has no description' },
  {
    task: withJson({ restrictions: undefined }),
    says: 'allowed must be the output variables and nothing else: ["outcome"]',
  },
  {
    task: withJson({ restrictions: { settableVariables: { allowed: ['outcome', 'PATH'] } } }),
    says: 'allowed must be the output variables',
  },
  {
    task: withJson({ restrictions: { ...sampleTask.restrictions, commands: { mode: 'restricted' } } }),
    says: 'restricted mode drops the summary',
  },
  {
    task: withJson({ execution: { Node20_1: { target: 'index.js' } } }),
    says: 'execution must have the handlers Node20_1 and Node24',
  },
  {
    task: withJson({ execution: { ...sampleTask.execution, Node16: { target: 'index.js' } } }),
    says: 'execution must have the handlers',
  },
  {
    task: withJson({ execution: { ...sampleTask.execution, Node24: { target: 'main.js' } } }),
    says: 'execution.Node24 has the target "main.js"',
  },
  {
    task: withJson({ postjobexecution: { Node24: { target: 'post.js' } } }),
    says: 'postjobexecution.Node24 has the target "post.js"',
  },
  {
    task: withJson({ postjobexecution: { Node24: { target: 'post-job.js' } } }),
    says: 'postjobexecution must have the handlers Node20_1 and Node24',
  },
  { task: withJson({ minimumAgentVersion: '4.99.9' }), says: 'minimumAgentVersion "4.99.9" must be 4.248.0 or later' },
  {
    task: withJson({ minimumAgentVersion: undefined }),
    says: 'minimumAgentVersion nothing must be 4.248.0 or later',
  },
];

describe('our rules for task.json', () => {
  for (const { task, says } of cases)
    it(`find that ${says}`, () => {
      const messages = taskJsonFindings([task], '1.2.3').map(({ message }) => message);
      assert.ok(
        messages.some((message) => message.includes(says)),
        messages.join('\n'),
      );
    });

  it('find nothing in a good one', () => assert.deepEqual(taskJsonFindings([sampleFile], '1.2.3'), []));

  it('accept an agent that is newer than they ask', () =>
    assert.deepEqual(taskJsonFindings([withJson({ minimumAgentVersion: '5.1.0' })], '1.2.3'), []));

  it('find two tasks with one id, whatever its case', () => {
    const other = { ...withJson({ id: sampleTask.id.toUpperCase(), name: 'Other' }), folder: 'Other' };
    const found = taskJsonFindings([sampleFile, other], '1.2.3');
    assert.deepEqual(found, [{ task: 'Other', message: 'id is also the id of SampleTask' }]);
  });

  it('hold for every task of this extension', () =>
    assert.deepEqual(
      taskJsonFindings(
        taskNames().map((name) => readTask(projectFolder, name)),
        projectVersion(),
      ),
      [],
    ));
});
