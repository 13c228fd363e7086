import { exitCode1, type FeatureCase, output } from './feature-case.ts';

const functions: readonly (readonly [expression: string, value: string])[] = [
  ["and(eq('a', 'A'), or(false, true), xor(true, false), not(false))", 'True'],
  ["coalesce(variables.nothing, '', 'the last resort')", 'the last resort'],
  ["contains('PHOENIX', 'enix')", 'True'],
  ["startsWith('PHOENIX', 'pho')", 'True'],
  ["endsWith('PHOENIX', 'nix')", 'True'],
  ["containsValue(split('a,b', ','), 'b')", 'True'],
  ["format('{0} and {1} {{}}', 'salt', 'pepper')", 'salt and pepper {}'],
  ["iif(ge(2, 2), 'yes', 'no')", 'yes'],
  ["in('B', 'A', 'b')", 'True'],
  ["notIn('D', 'A', 'B')", 'True'],
  ["and(gt(5, 2), lt(2, 5), le(2, 2), ne('a', 'b'))", 'True'],
  ["join(';', split('x y', ' '))", 'x;y'],
  ["length('fabric')", '6'],
  ["lower('FOO')", 'foo'],
  ["upper('bar')", 'BAR'],
  ["replace('http://old/x', 'http://old', 'https://new')", 'https://new/x'],
  ["trim('  so  ')", 'so'],
];

/** Which stages and jobs there are, in which order, and under which conditions. */
export const orderCases: readonly FeatureCase[] = [
  {
    feature: 'stages',
    follows: 'process/stages#specify-dependencies',
    yaml: `
stages:
- { stage: Last, dependsOn: [Left, Right], jobs: [{ job: J, steps: [{ script: echo Last }] }] }
- { stage: Test, dependsOn: [], jobs: [{ job: J, steps: [{ script: echo Test }] }] }
- { stage: Left, dependsOn: Test, jobs: [{ job: J, steps: [{ script: echo Left }] }] }
- { stage: Right, dependsOn: Test, jobs: [{ job: J, steps: [{ script: echo Right }] }] }
- { stage: Never, dependsOn: Test, condition: false, jobs: [{ job: J, steps: [{ script: echo Never }] }] }`,
    prints: ['Test', 'Left', 'Right', 'Last'],
  },
  {
    feature: 'jobs',
    follows: 'process/phases#dependencies',
    about: 'fan-out and fan-in',
    yaml: `
jobs:
- { job: Last, dependsOn: [A, B], steps: [{ script: echo Last }] }
- { job: A, dependsOn: First, continueOnError: true, variables: { v: a }, steps: [{ script: "echo $(v); exit 1" }] }
- { job: B, dependsOn: First, steps: [{ script: echo b }] }
- { job: First, steps: [{ script: echo First }] }`,
    prints: ['First', 'a', exitCode1, 'b', 'Last'],
    outline: [
      '__default=succeededWithIssues',
      '__default.First=succeeded',
      '__default.A=failed',
      '__default.B=succeeded',
      '__default.Last=succeeded',
    ],
  },
  {
    feature: 'jobs',
    follows: 'yaml-schema/jobs-job#examples',
    about: 'with a workspace and a name for people',
    yaml: `
jobs:
- job: MyJob
  displayName: My first job
  continueOnError: true
  workspace: { clean: outputs }
  steps: [{ script: "echo $(Agent.JobName)" }]`,
    prints: ['My first job'],
  },
  {
    feature: 'matrix',
    follows: 'process/phases#multi-job-configuration',
    about: 'two at once',
    yaml: `
jobs:
- job: Test
  strategy:
    maxParallel: 2
    matrix:
      US_A: { Location: US, Browser: A }
      US_B: { Location: US, Browser: B }
      Europe_A: { Location: Europe, Browser: A }
  steps: [{ checkout: none }, { script: "echo $(Location) $(Browser) $(System.JobName) $(System.JobDisplayName)" }]
- { job: After, dependsOn: Test, steps: [{ script: echo after }] }`,
    sorted: true,
    prints: ['Europe A Europe_A Test Europe_A', 'US A US_A Test US_A', 'US B US_B Test US_B', 'after'],
    outline: [
      '__default=succeeded',
      '__default.Test.US_A=succeeded',
      '__default.Test.US_B=succeeded',
      '__default.Test.Europe_A=succeeded',
      '__default.After=succeeded',
    ],
  },
  {
    feature: 'matrix',
    follows: 'yaml-schema/jobs-job-strategy#examples',
    about: 'of a pipeline that is one job',
    yaml: `
strategy: { matrix: { linux: { image: ubuntu-latest }, mac: { image: macOS-latest } } }
pool: { vmImage: $(image) }
steps: [{ script: "echo $(image)" }]`,
    sorted: true,
    prints: ['macOS-latest', 'ubuntu-latest'],
    outline: ['__default=succeeded', '__default.Job.linux=succeeded', '__default.Job.mac=succeeded'],
  },
  {
    feature: 'matrix',
    follows: 'process/phases#multi-job-configuration',
    about: 'made by a job before',
    yaml: `
jobs:
- job: generator
  steps: [{ bash: "echo \\"##vso[task.setVariable variable=legs;isOutput=true]{'a':{'mine':'A'}, 'b':{'mine':'B'}}\\"", name: made }]
- job: runner
  dependsOn: generator
  strategy: { maxParallel: 1, matrix: "$[ dependencies.generator.outputs['made.legs'] ]" }
  steps: [{ script: "echo $(mine)" }]`,
    prints: ['A', 'B'],
  },
  {
    feature: 'parallel',
    follows: 'process/phases#slicing',
    yaml: `
jobs:
- job: Test
  strategy: { parallel: 3 }
  steps: [{ script: "echo slice $(System.JobPositionInPhase) of $(System.TotalJobsInPhase)" }]`,
    sorted: true,
    prints: ['slice 1 of 3', 'slice 2 of 3', 'slice 3 of 3'],
    outline: [
      '__default=succeeded',
      '__default.Test.job1=succeeded',
      '__default.Test.job2=succeeded',
      '__default.Test.job3=succeeded',
    ],
  },
  {
    feature: 'conditions',
    follows: 'process/conditions',
    yaml: `
jobs:
- { job: A, steps: [{ script: exit 1 }] }
- { job: OnGood, dependsOn: A, steps: [{ script: echo good }] }
- { job: OnBad, dependsOn: A, condition: failed(), steps: [{ script: echo bad }] }
- { job: Named, dependsOn: [A, OnBad], condition: "and(failed('A'), succeeded('OnBad'))", steps: [{ script: echo named }] }`,
    prints: [exitCode1, 'bad', 'named'],
  },
  {
    feature: 'conditions',
    follows: 'process/conditions#custom-conditions',
    about: 'by branch and reason, here of a pull request',
    yaml: `
jobs:
- job: Main
  condition: and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/main'))
  steps: [{ script: echo never }]
- job: Request
  condition: and(startsWith(variables['Build.SourceBranch'], 'refs/pull/'), eq(variables['Build.Reason'], 'PullRequest'))
  steps: [{ script: "echo $(Build.SourceBranchName)" }]
- { job: Scheduled, condition: "eq(variables['Build.Reason'], 'Schedule')", steps: [{ script: echo never }] }`,
    reason: 'PullRequest',
    sourceBranch: 'refs/pull/7/merge',
    prints: ['merge'],
  },
  {
    feature: 'functions',
    follows: 'process/expressions#functions',
    yaml: `variables:\n${functions.map(([expression], at) => `  v${at}: $[ ${expression} ]`).join('\n')}
steps: [{ bash: "${functions.map((_, at) => `echo '$(v${at})'`).join(';')}" }]`,
    prints: functions.map(([, value]) => value),
  },
  {
    feature: 'functions',
    follows: 'process/expressions#converttojson',
    yaml: `
parameters:
- { name: shop, type: object, default: { named: { deeply: [one, two] }, open: daily } }
steps: [{ bash: "echo $JSON | tr -d ' '", env: { JSON: "\${{ convertToJson(parameters.shop) }}" } }]`,
    prints: ['{"named":{"deeply":["one","two"]},"open":"daily"}'],
  },
  {
    feature: 'job outputs',
    follows: 'process/variables#set-a-multi-job-output-variable',
    about: 'within a stage, across stages, in a condition',
    yaml: `
stages:
- stage: One
  jobs:
  - job: A
    steps:
    - { bash: "${output('v', '42')}", name: set }
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
    steps: [{ script: echo stage $(v) }]
- stage: Three
  dependsOn: [One, Two]
  variables: { v: "$[ stageDependencies.One.A.outputs['set.v'] ]" }
  jobs:
  - { job: D, condition: "eq(stageDependencies.One.A.outputs['set.v'], '42')", steps: [{ script: echo later $(v) }] }
- stage: Four
  dependsOn: Three
  variables: { v: "$[ stageDependencies.One.A.outputs['set.v'] ]" }
  jobs: [{ job: E, steps: [{ script: "echo 'not named [$(v)]'" }] }]`,
    prints: ['same 42', 'job 42 Succeeded', 'stage 42', 'later 42', 'not named []'],
  },
  {
    feature: 'job outputs',
    follows: 'process/variables#set-a-multi-job-output-variable',
    about: 'of a matrix and of slices',
    yaml: `
stages:
- stage: One
  jobs:
  - job: A
    strategy: { matrix: { debugJob: { configuration: debug }, releaseJob: { configuration: release } } }
    steps: [{ bash: "${output('v', 'the $(configuration) value')}", name: set }]
  - job: S
    strategy: { parallel: 2 }
    steps: [{ bash: "${output('v', 'slice $(System.JobPositionInPhase)')}", name: set }]
  - job: B
    dependsOn: [A, S]
    variables:
      debug: $[ dependencies.A.outputs['debugJob.set.v'] ]
      slice: $[ dependencies.S.outputs['job2.set.v'] ]
    steps: [{ checkout: none }, { script: "echo $(debug), $(slice)" }]
- stage: Two
  condition: and(succeeded(), eq(dependencies.One.outputs['A.releaseJob.set.v'], 'the release value'))
  jobs:
  - job: C
    variables: { v: "$[ stageDependencies.One.A.outputs['releaseJob.set.v'] ]" }
    steps: [{ checkout: none }, { script: "echo across: $(v)" }]`,
    prints: ['the debug value, slice 2', 'across: the release value'],
  },
];
