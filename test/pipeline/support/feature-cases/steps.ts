import { exitCode1, type FeatureCase } from './feature-case.ts';

const say = {
  main: 'console.log(process.env.INPUT_TEXT)',
  json: { inputs: [{ name: 'text', aliases: ['words'], defaultValue: 'nothing' }] },
};

export const idle = { main: "console.log('idle');setInterval(() => {}, 1000)" };

/** Fails the first time, in a job's own folder. */
const twice = {
  main: `const fs = require('fs');
    const again = fs.existsSync('tried');
    fs.writeFileSync('tried', '');
    console.log(again ? 'twice' : 'once');
    if (!again) console.log('##vso[task.complete result=Failed;]no')`,
};

/** What single steps do. */
export const stepCases: readonly FeatureCase[] = [
  {
    feature: 'task steps',
    follows: 'yaml-schema/steps-task#examples',
    yaml: `
variables: { thing: world }
steps:
- { task: Say@1, displayName: Say $(thing), inputs: { words: Hello $(thing) } }
- task: Say@1`,
    tasks: { Say: say },
    prints: ['Hello world', 'nothing'],
  },
  {
    feature: 'script steps',
    follows: 'yaml-schema/steps-bash#examples',
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
  {
    feature: 'checkout',
    follows: 'yaml-schema/steps-checkout#examples',
    yaml: `
jobs:
- { job: A, steps: [{ script: "ls; touch left" }] }
- { job: B, steps: [{ checkout: none }, { script: "ls" }] }`,
    prints: ['azure-pipelines.yml'],
  },
  {
    feature: 'publish',
    follows: 'artifacts/pipeline-artifacts#publish-artifacts',
    about: 'once a name',
    yaml: `
steps:
- checkout: none
- script: mkdir -p site/css; echo page > site/index.html; echo style > site/css/x.css
- { publish: $(System.DefaultWorkingDirectory)/site, artifact: WebApp, displayName: Publish the site }
- { publish: site, artifact: webapp, continueOnError: true }
- { download: current, artifact: WebApp }
- script: cd $(Pipeline.Workspace)/WebApp; cat index.html css/x.css`,
    only: /^(page|style|##\[error.*)$/,
    prints: ['##[error]Artifact webapp already exists in this run', 'page', 'style'],
  },
  {
    feature: 'download',
    follows: 'artifacts/pipeline-artifacts#download-artifacts',
    about: 'with patterns, of one and of all',
    yaml: `
stages:
- stage: One
  jobs:
  - job: J
    steps:
    - { script: "mkdir -p a/in b; touch a/x.js a/in/y.js a/z.css b/x.js b/w.css" }
    - { publish: a, artifact: first }
    - { publish: b, artifact: second }
- stage: Two
  jobs:
  - job: One
    steps: [{ checkout: none }, { download: current, artifact: first, patterns: "**/*.js" }, { script: "cd $(Pipeline.Workspace); find first -type f | sort" }]
  - job: All
    steps: [{ checkout: none }, { download: current, patterns: "*/*.css\\n!second/*" }, { script: "cd $(Pipeline.Workspace); find . -name '*.*' -type f | sort" }]
  - { job: None, steps: [{ download: none }, { script: "ls .. | grep first || echo none" }] }
  - { job: Wrong, steps: [{ download: current, artifact: third }] }`,
    only: /^(first|\.\/|none|##\[error)/,
    prints: [
      'first/in/y.js',
      'first/x.js',
      './first/z.css',
      'none',
      '##[error]Artifact third was not found in this run',
    ],
  },
  {
    feature: 'step control',
    follows: 'process/tasks#task-control-options',
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
      exitCode1,
      'Skipping step due to condition evaluation.',
      'once',
      '##[warning]RetryHelper encountered task failure, will retry (attempt #: 1 out of 1) after 0 ms',
      'twice',
      'idle',
      '##[error]The task has timed out.',
      'after',
    ],
  },
  {
    feature: 'job time-outs',
    follows: 'process/phases#timeouts',
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
];
