import type { Scratch } from './play-scratch.ts';

/** For each row of the feature table a small pipeline, and what its steps print. */
export interface FeatureCase extends Scratch {
  readonly prints?: readonly string[];
  readonly outline?: readonly string[];
}

const say = {
  main: 'console.log(process.env.INPUT_TEXT)',
  json: { inputs: [{ name: 'text', aliases: ['words'], defaultValue: 'nothing' }] },
};

const idle = { main: "console.log('idle');setInterval(() => {}, 1000)" };

/** Fails the first time, in a job's own folder. */
const twice = {
  main: `const fs = require('fs');
    const again = fs.existsSync('tried');
    fs.writeFileSync('tried', '');
    console.log(again ? 'twice' : 'once');
    if (!again) console.log('##vso[task.complete result=Failed;]no')`,
};

export const featureCases: Readonly<Record<string, FeatureCase>> = {
  'ignored keys': {
    yaml: `
trigger: { branches: { include: [main] } }
pr: none
schedules: []
name: $(Date:yyyyMMdd)$(Rev:.r)
pool: { vmImage: ubuntu-latest }
steps: [{ script: echo hello }]`,
    prints: ['hello'],
  },
  yaml: {
    yaml: `
variables: { a: 1.10, b: 007, c: true, d: '' }
steps: [{ script: "echo $(a) $(b) $(c) [$(d)]" }]`,
    prints: ['1.10 007 true []'],
  },
  parameters: {
    yaml: `
parameters:
- { name: who, type: string, default: world, values: [world, moon] }
- { name: count, type: number, default: 2 }
- { name: loud, type: boolean, default: false }
- { name: list, type: object, default: [a, b] }
- { name: extra, type: stepList, default: [] }
steps:
- script: echo \${{ parameters.who }} \${{ parameters.count }} \${{ parameters.loud }} \${{ join('+', parameters.list) }}
- \${{ parameters.extra }}`,
    parameters: { who: 'moon', loud: true },
    prints: ['moon 2 True a+b'],
  },
  'template expressions': {
    yaml: `
parameters: [{ name: stage, default: Canary }]
variables: [{ name: first, value: one }, { name: a, value: "\${{ variables.first }}" }]
jobs:
- job: \${{ parameters.stage }}
  variables: { b: "\${{ variables.a }}-two", "\${{ lower(parameters.stage) }}": keyed }
  steps: [{ script: "echo $(b) $(canary) \${{ variables.b }}" }]`,
    prints: ['one-two keyed one-two'],
    outline: ['__default=succeeded', '__default.Canary=succeeded'],
  },
  inserts: {
    yaml: `
parameters:
- { name: sizes, type: object, default: { small: 1, large: 2 } }
- { name: common, type: object, default: { shared: yes } }
variables:
  \${{ if eq(1, 2) }}: { v: if }
  \${{ elseif eq(1, 1) }}: { v: elseif }
  \${{ else }}: { v: else }
  \${{ insert }}: \${{ parameters.common }}
steps:
- \${{ each pair in parameters.sizes }}:
  - script: echo \${{ pair.key }}=\${{ pair.value }}
- \${{ if eq(variables.v, 'if') }}:
  - script: echo never
- \${{ else }}:
  - script: echo $(v) $(shared)`,
    prints: ['small=1', 'large=2', 'elseif yes'],
  },
  templates: {
    yaml: `
variables: [{ template: ci/vars.yml }]
stages: [{ template: /ci/stages.yml, parameters: { who: Ann } }]`,
    files: {
      'ci/vars.yml': 'variables: { greeting: Hello }',
      'ci/stages.yml': `
parameters: [{ name: who, type: string }]
stages:
- stage: S
  jobs: [{ template: jobs.yml, parameters: { who: "\${{ parameters.who }}" } }]`,
      'ci/jobs.yml': `
parameters: [{ name: who }]
jobs: [{ job: J, steps: [{ template: steps/say.yml@self, parameters: { text: "\${{ parameters.who }}" } }] }]`,
      'ci/steps/say.yml': `
parameters: [{ name: text }]
steps: [{ script: "echo \${{ variables.greeting }} \${{ parameters.text }}" }]`,
    },
    prints: ['Hello Ann'],
    outline: ['S=succeeded', 'S.J=succeeded'],
  },
  variables: {
    yaml: `
variables: [{ name: a, value: root }, { name: fixed, value: f, readonly: true }, { name: nested, value: "<$(a)>" }]
stages:
- stage: S
  variables: { a: stage }
  jobs:
  - job: J
    variables: { b: job }
    steps: [{ script: "echo '$(a) $(b) $(fixed) $(nested) $(page) $(nowhere)'" }]`,
    variables: { page: 'set on the page' },
    prints: ['stage job f <stage> set on the page $(nowhere)'],
  },
  'runtime expressions': {
    yaml: `
variables: { a: x, b: "$[ format('{0}-{1}', variables.a, variables['Build.BuildId']) ]" }
steps: [{ script: echo $(b) }]`,
    buildId: 7,
    prints: ['x-7'],
  },
  stages: {
    yaml: `
stages:
- { stage: C, dependsOn: [A, B], jobs: [{ job: J, steps: [{ script: echo C }] }] }
- { stage: A, dependsOn: [], jobs: [{ job: J, steps: [{ script: echo A }] }] }
- { stage: B, jobs: [{ job: J, steps: [{ script: echo B }] }] }
- { stage: D, dependsOn: A, condition: false, jobs: [{ job: J, steps: [{ script: echo D }] }] }`,
    prints: ['A', 'B', 'C'],
  },
  jobs: {
    yaml: `
jobs:
- { job: B, dependsOn: A, steps: [{ script: echo B }] }
- { job: A, continueOnError: true, variables: { v: a }, steps: [{ script: "echo $(v); exit 1" }] }`,
    prints: ['a', "##[error]Bash exited with code '1'.", 'B'],
    outline: ['__default=succeededWithIssues', '__default.A=failed', '__default.B=succeeded'],
  },
  conditions: {
    yaml: `
jobs:
- { job: A, steps: [{ script: exit 1 }] }
- { job: OnGood, dependsOn: A, steps: [{ script: echo good }] }
- { job: OnBad, dependsOn: A, condition: failed(), steps: [{ script: echo bad }] }
- { job: Named, dependsOn: [A, OnBad], condition: "and(failed('A'), succeeded('OnBad'))", steps: [{ script: echo named }] }`,
    prints: ["##[error]Bash exited with code '1'.", 'bad', 'named'],
  },
  functions: {
    yaml: `
variables: { a: "$[ iif(and(gt(3, 2), notIn('x', 'y')), upper('yes'), 'no') ]" }
steps: [{ script: "echo $(a) \${{ replace('a-b', '-', '+') }} \${{ length(split('1,2,3', ',')) }}" }]`,
    prints: ['YES a+b 3'],
  },
  'job outputs': {
    yaml: `
stages:
- stage: One
  jobs:
  - job: A
    steps:
    - { bash: "echo '##vso[task.setvariable variable=v;isOutput=true]42'", name: set }
    - script: echo same $(set.v)
  - job: B
    dependsOn: A
    variables: { v: "$[ dependencies.A.outputs['set.v'] ]", r: "$[ dependencies.A.result ]" }
    steps: [{ script: echo job $(v) $(r) }]
- stage: Two
  condition: and(succeeded(), eq(dependencies.One.outputs['A.set.v'], '42'))
  jobs:
  - job: C
    variables: { v: "$[ stageDependencies.One.A.outputs['set.v'] ]" }
    steps: [{ script: echo stage $(v) }]`,
    prints: ['same 42', 'job 42 Succeeded', 'stage 42'],
  },
  'deployment outputs': {
    yaml: `
stages:
- stage: One
  jobs:
  - deployment: D
    environment: test
    strategy:
      runOnce:
        preDeploy: { steps: [{ bash: "echo '##vso[task.setvariable variable=v;isOutput=true]pre'", name: set }] }
        deploy: { steps: [{ bash: "echo '##vso[task.setvariable variable=v;isOutput=true]once'", name: set }] }
  - deployment: K
    environment: test
    strategy:
      canary:
        increments: [10]
        deploy: { steps: [{ bash: "echo '##vso[task.setvariable variable=v;isOutput=true]canary'", name: set }] }
  - job: J
    dependsOn: [D, K]
    variables:
      once: $[ dependencies.D.outputs['D.set.v'] ]
      pre: $[ dependencies.D.outputs['preDeploy.set.v'] ]
      canary: $[ dependencies.K.outputs['deploy_10.set.v'] ]
    steps: [{ script: echo $(once) $(pre) $(canary) }]
- stage: Two
  jobs:
  - job: J
    variables: { v: "$[ stageDependencies.One.D.outputs['D.set.v'] ]" }
    steps: [{ script: echo across $(v) }]`,
    prints: ['once pre canary', 'across once'],
  },
  runOnce: {
    yaml: `
jobs:
- deployment: D
  environment: { name: test }
  strategy:
    runOnce:
      postRouteTraffic: { steps: [{ script: exit 1 }] }
      preDeploy: { steps: [{ script: echo pre }] }
      deploy: { steps: [{ script: "echo deploy on $(Environment.Name); ls" }] }
      on: { failure: { steps: [{ script: echo rolled back }] }, success: { steps: [{ script: echo never }] } }`,
    prints: ['pre', 'deploy on test', "##[error]Bash exited with code '1'.", 'rolled back'],
    outline: [
      '__default=failed',
      '__default.D.preDeploy=succeeded',
      '__default.D.deploy=succeeded',
      '__default.D.postRouteTraffic=failed',
      '__default.D.on.failure=succeeded',
    ],
  },
  canary: {
    yaml: `
jobs:
- deployment: D
  environment: test
  strategy:
    canary:
      increments: [10, 50]
      preDeploy: { steps: [{ script: "echo pre $(strategy.name)" }] }
      deploy: { steps: [{ script: "echo deploy $(strategy.increment)" }] }
      postRouteTraffic: { steps: [{ script: "echo watch $(strategy.increment)" }] }
      on: { success: { steps: [{ script: echo done }] } }`,
    prints: ['pre canary', 'deploy 10', 'watch 10', 'deploy 50', 'watch 50', 'done'],
  },
  environments: {
    yaml: `
stages:
- stage: S
  jobs:
  - { deployment: D, environment: prod, strategy: { runOnce: { deploy: { steps: [{ script: echo deployed }] } } } }`,
    approvals: async (environment, stage) => `${environment} ${stage}` !== 'prod S',
    prints: [],
    outline: ['S=failed'],
  },
  'task steps': {
    yaml: `
variables: { thing: world }
steps:
- { task: Say@1, displayName: Say $(thing), inputs: { words: Hello $(thing) } }
- task: Say@1`,
    tasks: { Say: say },
    prints: ['Hello world', 'nothing'],
  },
  'script steps': {
    yaml: `
steps:
- script: |
    pwd | sed 's/.*\\///'
    echo "$MAPPED"
  workingDirectory: $(Pipeline.Workspace)/a
  env: { MAPPED: mapped $(Build.BuildId) }
- { bash: echo oops >&2, failOnStderr: true }`,
    prints: ['a', 'mapped 1', 'oops', '##[error]Bash wrote one or more lines to the standard error stream.'],
  },
  checkout: {
    yaml: `
jobs:
- { job: A, steps: [{ script: "ls; touch left" }] }
- { job: B, steps: [{ checkout: none }, { script: "ls" }] }`,
    prints: ['azure-pipelines.yml'],
  },
  download: { yaml: 'steps: [{ download: none }, { script: echo after }]', prints: ['after'] },
  'step control': {
    yaml: `
steps:
- { script: echo disabled, enabled: false }
- { script: exit 1, continueOnError: true }
- { script: echo never, condition: failed() }
- { task: Twice@1, retryCountOnTaskFailure: 1 }
- { task: Idle@1, timeoutInMinutes: 1 }
- { script: echo after, condition: "and(failed(), eq(variables['Agent.JobStatus'], 'Failed'))" }`,
    tasks: { Twice: twice, Idle: idle },
    advanceOn: { idle: 60_000 },
    retryMs: 0,
    prints: [
      "##[error]Bash exited with code '1'.",
      'Skipping step due to condition evaluation.',
      'once',
      '##[warning]RetryHelper encountered task failure, will retry (attempt #: 1 out of 1) after 0 ms',
      'twice',
      'idle',
      '##[error]The task has timed out.',
      'after',
    ],
  },
  'job time-outs': {
    yaml: `
jobs:
- job: J
  timeoutInMinutes: 1
  cancelTimeoutInMinutes: 2
  steps:
  - { task: Idle@1 }
  - { script: echo never }
  - { task: Tidy@1, condition: always() }`,
    tasks: { Idle: idle, Tidy: { main: "console.log('tidy');setInterval(() => {}, 1000)" } },
    advanceOn: { idle: 60_000, tidy: 120_000 },
    prints: [
      'idle',
      '##[error]The Operation will be canceled. The next steps may not contain expected logs.',
      'Skipping step due to condition evaluation.',
      'tidy',
    ],
    outline: ['__default=canceled', '__default.J=canceled'],
  },
  commands: {
    yaml: `
steps:
- script: |
    echo '##vso[task.setvariable variable=v]a%3Bb%5D%AZP25'
    echo '##vso[build.updatebuildnumber]20270101.9'
- script: echo '$(v) $(Build.BuildNumber)'`,
    prints: ['a;b]% 20270101.9'],
  },
  restrictions: {
    yaml: `steps: [{ task: Careless@1 }, { script: "echo '[$(bad)] $(good1)'" }]`,
    tasks: {
      Careless: {
        json: { restrictions: { settableVariables: { allowed: ['GOOD*'] } } },
        main: "console.log('##vso[task.setvariable variable=bad]1\\n##vso[task.setvariable variable=good1]2')",
      },
    },
    prints: ["##[warning]Setting variable 'bad' has been disabled by the task or build definition.", '[$(bad)] 2'],
  },
  'task environment': {
    yaml: 'steps: [{ task: Env@1, env: { MINE: yes } }]',
    proxy: { url: 'http://127.0.0.1:8888', bypass: ['localhost'] },
    caFile: '/tmp/ca.pem',
    tasks: {
      Env: {
        main: "for (const n of ['MINE', 'AGENT_PROXYURL', 'AGENT_PROXYBYPASSLIST', 'AGENT_CAINFO', 'TF_BUILD']) console.log(process.env[n])",
      },
    },
    prints: ['yes', 'http://127.0.0.1:8888', '["localhost"]', '/tmp/ca.pem', 'True'],
  },
  masking: {
    yaml: 'steps: [{ script: "echo pass=$(password)" }]',
    variables: { password: { value: 'hunter2', secret: true } },
    prints: ['pass=***'],
  },
  'pre-job and post-job': {
    yaml: 'steps: [{ task: A@1, condition: false }, { task: B@1 }]',
    tasks: {
      A: { pre: "console.log('pre A')", main: "console.log('main A')", post: "console.log('post A')" },
      B: {
        main: "console.log('##vso[task.settaskvariable variable=left]b');console.log('main B')",
        post: "console.log('post B', process.env.VSTS_TASKVARIABLE_LEFT)",
      },
    },
    prints: [
      'Skipping step due to condition evaluation.',
      'Skipping step due to condition evaluation.',
      'main B',
      'post B b',
      'post A',
    ],
  },
  cancel: {
    yaml: `
steps:
- script: echo never
- { script: echo always, condition: always() }
- { script: echo canceled, condition: canceled() }`,
    cancel: AbortSignal.abort(),
    prints: [],
    outline: ['__default=skipped'],
  },
};
