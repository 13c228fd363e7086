// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how Azure Pipelines writes an expression.

import assert from 'node:assert/strict';
import { playScratch, type Scratch } from '../support/play-scratch.ts';
import { PipelineError } from '../yaml/problem.ts';

/** What is not in the feature table, or is wrong, is refused with its line before anything runs. */
const cases: readonly (Scratch & { readonly says: string })[] = [
  { yaml: 'resources: {}\nsteps: []', says: '1: "resources" is not played' },
  { yaml: 'extends: { template: x.yml@other }', says: '1: "template of repository other" is not played' },
  {
    yaml: 'extends: { template: x.yml }\nsteps: []',
    says: '2: a pipeline that extends a template has no "steps" of its own',
  },
  {
    yaml: 'extends: { template: x.yml }',
    files: { 'x.yml': 'resources: {}\nsteps: []' },
    says: 'x.yml:1: "template.resources" is not played',
  },
  { yaml: 'pool: server\nsteps: []', says: '1: "pool: server" is not played' },
  { yaml: 'trigger: none', says: '1: a pipeline needs "stages", "jobs" or "steps"' },
  { yaml: 'variables:\n- group: secrets\nsteps: []', says: '2: variable group "secrets" could not be found' },
  {
    yaml: 'jobs:\n- job: A\n  strategy:\n    runOnce: {}\n  steps: []',
    says: '4: "strategy.runOnce" is not played',
  },
  { yaml: 'jobs:\n- job: A\n  strategy:\n    parallel: 0\n  steps: []', says: '4: "parallel" needs at least 1' },
  {
    yaml: 'jobs:\n- job: A\n  strategy:\n    parallel: 2\n    maxParallel: 1\n  steps: []',
    says: '5: "strategy.maxParallel without a matrix" is not played',
  },
  {
    yaml: 'jobs:\n- job: A\n  strategy: { parallel: 2, matrix: { a: {} } }\n  steps: []',
    says: '3: "strategy" needs either "matrix" or "parallel"',
  },
  {
    yaml: 'jobs:\n- job: A\n  strategy:\n    matrix: {}\n  steps: []',
    says: '4: a matrix needs at least one leg',
  },
  {
    yaml: 'jobs:\n- job: A\n  strategy:\n    matrix:\n      a-b: {}\n  steps: []',
    says: '5: "a-b" can\'t be the name of a matrix leg',
  },
  {
    yaml: 'jobs:\n- job: A\n  strategy:\n    matrix: $[ variables.none ]\n  steps: []',
    says: "4: the matrix $[ variables.none ] can't be read: matrix:1: the file is empty",
  },
  {
    yaml: 'strategy: { parallel: 2 }\njobs: [{ job: A, steps: [] }]',
    says: '1: "strategy beside stages or jobs" is not played',
  },
  { yaml: 'jobs:\n- job: A\n  container: x\n  steps: []', says: '3: "jobs.container" is not played' },
  {
    yaml: 'jobs:\n- job: A\n  workspace:\n    clean: most\n  steps: []',
    says: '4: "clean" is "most"; outputs, resources or all is wanted',
  },
  { yaml: 'steps:\n- script: x\n  target: host', says: '3: "steps.script.target" is not played' },
  { yaml: 'steps:\n- powershell: x', says: '2: "steps.powershell" is not played' },
  { yaml: 'steps:\n- pwsh: x', says: '2: "steps.pwsh" is not played' },
  { yaml: 'steps:\n- publish: x', says: '2: "publish without "artifact"" is not played' },
  { yaml: 'steps:\n- download: other', says: '2: "download: other" is not played' },
  { yaml: 'steps:\n- checkout: other', says: '2: "checkout: other" is not played' },
  { yaml: 'steps:\n- task: Nope', says: '2: task "Nope" must be written as Name@major, such as Bash@3' },
  { yaml: 'steps:\n- task: Nope@1', says: '2: a task is missing: Nope@1 is in no task folder; there are none' },
  {
    yaml: 'steps:\n- task: Old@1',
    tasks: { Old: { json: { execution: { Node16: { target: 'x.js' } } } } },
    says: '2: Old@1: No handler for Node',
  },
  {
    yaml: 'steps:\n- task: Az@1\n  inputs:\n    azureSubscription: nowhere',
    tasks: {
      Az: {
        main: '',
        json: { inputs: [{ name: 'connection', aliases: ['azureSubscription'], type: 'connectedService:AzureRM' }] },
      },
    },
    says: '4: step Az input azureSubscription references service connection "nowhere", which could not be found',
  },
  {
    yaml: 'variables:\n  a: known\njobs:\n- job: J\n  steps:\n  - task: Az@1\n    inputs:\n      connection: $(b)',
    tasks: { Az: { main: '', json: { inputs: [{ name: 'connection', type: 'connectedService:AzureRM' }] } } },
    says: '8: step Az input connection references service connection "$(b)", which could not be found',
  },
  { yaml: 'steps:\n- script: x\n  enabled: maybe', says: '3: "enabled" is "maybe"; true or false is wanted' },
  {
    yaml: 'steps:\n- script: x\n  timeoutInMinutes: soon',
    says: '3: "timeoutInMinutes" is "soon"; a whole number is wanted',
  },
  { yaml: 'steps:\n- script: x\n  name: a-b', says: '2: "a-b" can\'t be a step\'s name' },
  {
    yaml: 'steps:\n- { script: x, name: a }\n- { script: y, name: A }',
    says: '3: step name "A" appears more than once',
  },
  { yaml: 'steps:\n- script: x\n  script: y', says: '3: "script" is already defined' },
  {
    yaml: 'steps:\n- script: x\n  condition: eq(dependencies.A.result, 1)',
    says: '3: "dependencies" is not known here; known are variables',
  },
  { yaml: 'steps:\n- script: x\n  condition: maybe()', says: '3: function "maybe" is not played here' },
  { yaml: 'variables:\n  a: $[ counter(1, 2) ]\nsteps: []', says: '2: function "counter" is not played here' },
  { yaml: 'variables:\n  a: $[ succeeded() ]\nsteps: []', says: '2: function "succeeded" is not played here' },
  { yaml: 'steps:\n- script: ${{ variables.a', says: '2: "${{ variables.a" opens ${{ and does not close it' },
  { yaml: 'steps:\n- script: ${{ secrets.a }}', says: '2: "secrets" is not known here' },
  { yaml: 'steps:\n- ${{ else }}:\n  - script: x', says: '2: there is no "if" before this "else"' },
  { yaml: 'steps:\n- ${{ each a in 5 }}:\n  - script: x', says: '2: "each" needs a list or a mapping, found "5"' },
  { yaml: 'steps: { script: x }', says: '1: a list is wanted here, found a mapping' },
  { yaml: 'steps:\n- template: gone.yml', says: '2: "gone.yml" can\'t be read' },
  { yaml: 'steps:\n- template: ../gone.yml', says: '2: template "../gone.yml" is outside the repository' },
  { yaml: 'steps:\n- template: x.yml@templates', says: '2: "template of repository templates" is not played' },
  { yaml: 'steps:\n- template: t.yml', files: { 't.yml': 'jobs: []' }, says: 't.yml:1: "template.jobs" is not played' },
  {
    yaml: 'steps:\n- template: t.yml\n  parameters:\n    other: 1',
    files: { 't.yml': 'parameters: [{ name: a, default: 1 }]\nsteps: []' },
    says: '4: parameter "other" is not declared',
  },
  {
    yaml: 'steps:\n- template: t.yml',
    files: { 't.yml': 'parameters:\n- name: a\nsteps: []' },
    says: 't.yml:2: parameter "a" needs a value',
  },
  {
    yaml: 'parameters:\n- { name: n, type: number, default: x }\nsteps: []',
    says: '2: parameter "n" is "x"; a number is wanted',
  },
  {
    yaml: 'parameters:\n- { name: n, type: date, default: x }\nsteps: []',
    says: '2: parameter type "date" is not played',
  },
  {
    yaml: 'parameters:\n- { name: n, default: a, values: [a, b] }\nsteps: []',
    parameters: { n: 'c' },
    says: '1: parameter "n" is "c"; allowed are a, b',
  },
  { yaml: 'stages:\n- { stage: A, dependsOn: B, jobs: [] }', says: '2: stage "A" depends on unknown stage "B"' },
  {
    yaml: 'jobs:\n- { job: A, dependsOn: B, steps: [] }\n- { job: B, dependsOn: A, steps: [] }',
    says: '2: job "A" depends on itself: A > B > A',
  },
  { yaml: 'jobs:\n- { job: A, steps: [] }\n- { job: a, steps: [] }', says: '3: job name "a" appears more than once' },
  { yaml: 'jobs:\n- deployment: D\n  environment: e', says: '2: a deployment needs a "strategy"' },
  {
    yaml: 'jobs:\n- deployment: D\n  environment: e\n  strategy:\n    rolling: { deploy: { steps: [] } }',
    says: '2: a rolling strategy needs an "environment" with "resourceType: VirtualMachine"',
  },
  {
    yaml: 'jobs:\n- deployment: D\n  environment: web.vm1\n  strategy: { runOnce: { deploy: { steps: [] } } }',
    says: '3: environment "web" has no machine that fits vm1',
  },
  {
    yaml: 'jobs:\n- deployment: D\n  environment: { name: web, resourceType: Kubernetes }\n  strategy: { runOnce: { deploy: { steps: [] } } }',
    says: '3: "environment.resourceType: Kubernetes" is not played',
  },
  {
    yaml: 'jobs:\n- deployment: D\n  environment: web.vm1\n  strategy: { canary: { increments: [10], deploy: { steps: [] } } }',
    machines: { web: [{ name: 'vm1' }] },
    says: '2: "strategy.canary on machines" is not played',
  },
  {
    yaml: 'jobs:\n- deployment: D\n  environment: web.vm1\n  strategy:\n    rolling: { maxParallel: 120%, deploy: { steps: [] } }',
    machines: { web: [{ name: 'vm1' }] },
    says: '5: "maxParallel" is "120%"; a number or a percentage is wanted',
  },
  {
    yaml: 'jobs:\n- deployment: D\n  environment: e\n  strategy:\n    canary:\n      increments: [x]\n      deploy: { steps: [] }',
    says: '6: increment "x" is no percentage',
  },
  {
    yaml: 'jobs:\n- deployment: D\n  environment: e\n  strategy:\n    runOnce:\n      deploy:\n        pool: server\n        steps: []',
    says: '7: "pool: server" is not played',
  },
];

describe('A pipeline that is wrong or not played', () => {
  for (const { says, ...scratch } of cases) {
    it(`is refused: ${says}`, async () => {
      const wanted = says.includes('.yml:') ? says : `azure-pipelines.yml:${says}`;
      await assert.rejects(playScratch(scratch), (problem) => {
        assert.ok(problem instanceof PipelineError, String(problem));
        assert.ok(problem.message.startsWith(wanted), `${problem.message}\nis not\n${wanted}`);
        return true;
      });
    });
  }
});
