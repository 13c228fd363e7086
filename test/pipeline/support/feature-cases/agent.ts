import type { FeatureCase } from './feature-case.ts';

/** What the agent does around and inside steps. */
export const agentCases: readonly FeatureCase[] = [
  {
    feature: 'commands',
    follows: 'scripts/logging-commands#setvariable-initialize-or-modify-the-value-of-a-variable',
    yaml: `
steps:
- script: |
    echo '##vso[task.setvariable variable=sauce]a%3Bb%5D%AZP25'
    echo '##vso[task.setvariable variable=secretSauce;issecret=true]with garlic'
    echo '##vso[task.setvariable variable=outputSauce;isoutput=true]canned'
    echo '##vso[build.updatebuildnumber]20270101.9'
  name: SetVars
- script: echo "$SAUCE [$SECRETSAUCE] $(secretSauce) $(SetVars.outputSauce) $SETVARS_OUTPUTSAUCE $(Build.BuildNumber)"`,
    prints: ['a;b]% [] *** canned canned 20270101.9'],
  },
  {
    feature: 'artifact commands',
    follows: 'scripts/logging-commands#artifact-commands',
    yaml: `
steps:
- checkout: none
- bash: |
    mkdir more; echo tested > result.trx; echo again > more/again.trx
    echo "##vso[artifact.upload containerfolder=testresult;artifactname=uploadedresult]$PWD/result.trx"
    echo "##vso[artifact.upload containerfolder=testresult;artifactname=uploadedresult]$PWD/more"
    echo '##vso[artifact.associate type=filepath;artifactname=drop]\\\\share\\drop'
- { download: current, artifact: uploadedresult }
- bash: cat $(Pipeline.Workspace)/uploadedresult/*
- bash: echo '##vso[artifact.upload]result.trx'`,
    only: /^(tested|again|##\[error.*needs.*)$/,
    prints: ['again', 'tested', '##[error]##vso[artifact.upload] needs "artifactname"'],
  },
  {
    feature: 'restrictions',
    follows: 'security/inputs#restrict-logging-commands',
    yaml: `steps: [{ task: Careless@1 }, { script: "echo '[$(bad)] $(good1)'" }]`,
    tasks: {
      Careless: {
        json: { restrictions: { settableVariables: { allowed: ['GOOD*'] } } },
        main: "console.log('##vso[task.setvariable variable=bad]1\\n##vso[task.setvariable variable=good1]2')",
      },
    },
    prints: ["##[warning]Setting variable 'bad' has been disabled by the task or build definition.", '[$(bad)] 2'],
  },
  {
    feature: 'task environment',
    follows: 'agent:Agent.Worker/Handlers/Handler.cs',
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
  {
    feature: 'masking',
    follows: 'process/set-secret-variables',
    yaml: 'steps: [{ script: "echo pass=$(password) [$PASSWORD]" }, { script: "echo $MINE", env: { MINE: $(password) } }]',
    variables: { password: { value: 'hunter2', secret: true } },
    prints: ['pass=*** []', '***'],
  },
  {
    feature: 'pre-job and post-job',
    follows: 'agent:Agent.Worker/JobExtension.cs',
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
  {
    feature: 'cancel',
    follows: 'agent:Agent.Sdk/ProcessInvoker.cs',
    yaml: `
steps:
- script: echo never
- { script: echo always, condition: always() }
- { script: echo canceled, condition: canceled() }`,
    cancel: AbortSignal.abort(),
    prints: [],
    outline: ['__default=skipped'],
  },
];
