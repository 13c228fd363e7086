import { exitCode1, type FeatureCase, output } from './feature-case.ts';

const fleet = {
  shop: [
    { name: 'vm1', tags: ['web', 'east'] },
    { name: 'vm2', tags: ['web'] },
    { name: 'vm3', tags: ['data'] },
    { name: 'vm4', tags: ['Web', 'east'] },
    { name: 'vm5', tags: ['web'] },
  ],
};

const onMachines = '{ name: shop, resourceType: VirtualMachine, tags: "web" }';

/** Deployment jobs: their hooks, their outputs, and what their environments ask. */
export const deploymentCases: readonly FeatureCase[] = [
  {
    feature: 'runOnce',
    follows: 'process/deployment-jobs#runonce-deployment-strategy',
    about: 'a checkout only where one is written',
    yaml: `
jobs:
- deployment: Web
  environment: { name: test }
  strategy: { runOnce: { deploy: { steps: [{ script: ls }, { checkout: self }, { script: "ls; echo my first deployment to $(Environment.Name)" }] } } }`,
    prints: ['azure-pipelines.yml', 'my first deployment to test'],
  },
  {
    feature: 'runOnce',
    follows: 'process/deployment-jobs#descriptions-of-lifecycle-hooks',
    about: 'a failed hook',
    yaml: `
jobs:
- deployment: D
  environment: test
  strategy:
    runOnce:
      postRouteTraffic: { steps: [{ script: exit 1 }] }
      routeTraffic: { steps: [{ script: echo route }] }
      preDeploy: { steps: [{ script: echo pre }] }
      deploy: { steps: [{ script: echo deploy }] }
      on: { failure: { steps: [{ script: echo rolled back }] }, success: { steps: [{ script: echo never }] } }`,
    prints: ['pre', 'deploy', 'route', exitCode1, 'rolled back'],
    outline: [
      '__default=failed',
      '__default.D.preDeploy=succeeded',
      '__default.D.deploy=succeeded',
      '__default.D.routeTraffic=succeeded',
      '__default.D.postRouteTraffic=failed',
      '__default.D.on.failure=succeeded',
    ],
  },
  {
    feature: 'canary',
    follows: 'process/deployment-jobs#canary-deployment-strategy',
    yaml: `
jobs:
- deployment: D
  environment: test
  strategy:
    canary:
      increments: [10, 20]
      preDeploy: { steps: [{ script: "echo pre $(strategy.name)" }] }
      deploy: { steps: [{ script: "echo deploy $(strategy.increment)" }] }
      postRouteTraffic: { steps: [{ script: "echo watch $(strategy.increment)" }] }
      on: { success: { steps: [{ script: "echo done '$(strategy.increment)'" }] } }`,
    prints: ['pre canary', 'deploy 10', 'watch 10', 'deploy 20', 'watch 20', 'done $(strategy.increment)'],
  },
  {
    feature: 'rolling',
    follows: 'process/deployment-jobs#rolling-deployment-strategy',
    about: 'every hook on every machine, batch by batch',
    yaml: `
jobs:
- deployment: VMDeploy
  environment: { name: shop, resourceType: VirtualMachine }
  strategy:
    rolling:
      maxParallel: 3
      preDeploy: { steps: [{ script: "echo $(strategy.name) pre $(Environment.ResourceName)" }] }
      deploy: { steps: [{ script: "echo deploy $(Agent.Name)" }] }
      on: { success: { steps: [{ script: "echo told $(Agent.Name)" }] } }`,
    machines: fleet,
    outline: [
      '__default=succeeded',
      ...['vm1', 'vm2', 'vm3'].map((name) => `__default.VMDeploy.preDeploy_${name}=succeeded`),
      ...['vm1', 'vm2', 'vm3'].map((name) => `__default.VMDeploy.deploy_${name}=succeeded`),
      ...['vm4', 'vm5'].map((name) => `__default.VMDeploy.preDeploy_${name}=succeeded`),
      ...['vm4', 'vm5'].map((name) => `__default.VMDeploy.deploy_${name}=succeeded`),
      ...['vm1', 'vm2', 'vm3', 'vm4', 'vm5'].map((name) => `__default.VMDeploy.on.success_${name}=succeeded`),
    ],
    sorted: true,
    prints: [
      ...['vm1', 'vm2', 'vm3', 'vm4', 'vm5'].map((name) => `deploy ${name}`),
      ...['vm1', 'vm2', 'vm3', 'vm4', 'vm5'].map((name) => `rolling pre ${name}`),
      ...['vm1', 'vm2', 'vm3', 'vm4', 'vm5'].map((name) => `told ${name}`),
    ],
  },
  {
    feature: 'rolling',
    follows: 'process/environments-virtual-machines',
    about: 'a share of the machines with a tag; no batch after one that failed',
    yaml: `
jobs:
- deployment: D
  environment: ${onMachines}
  strategy:
    rolling:
      maxParallel: 60%
      deploy: { steps: [{ script: "[ $(Environment.ResourceName) = vm1 ]" }] }
      on: { failure: { steps: [{ script: "echo back $(Agent.Name)" }] } }`,
    machines: fleet,
    outline: [
      '__default=failed',
      '__default.D.deploy_vm1=succeeded',
      '__default.D.deploy_vm2=failed',
      '__default.D.on.failure_vm1=succeeded',
      '__default.D.on.failure_vm2=succeeded',
    ],
    sorted: true,
    prints: [exitCode1, 'back vm1', 'back vm2'],
  },
  {
    feature: 'deployment outputs',
    follows: 'process/deployment-jobs#support-for-output-variables',
    about: 'of runOnce, canary and rolling, in the stage and across',
    yaml: `
stages:
- stage: One
  jobs:
  - deployment: D
    environment: test
    strategy:
      runOnce:
        preDeploy: { steps: [{ bash: "${output('v', 'pre')}", name: set }] }
        deploy: { steps: [{ bash: "${output('v', 'once')}", name: set }] }
  - deployment: K
    environment: test
    strategy: { canary: { increments: [10, 20], deploy: { steps: [{ bash: "${output('v', 'canary $(strategy.increment)')}", name: set }] } } }
  - deployment: R
    environment: { name: shop, resourceType: VirtualMachine, tags: east }
    strategy: { rolling: { deploy: { steps: [{ bash: "${output('v', 'rolling $(Agent.Name)')}", name: set }] } } }
  - deployment: V
    environment: shop.vm3
    strategy: { runOnce: { deploy: { steps: [{ bash: "${output('v', 'once on $(Agent.Name)')}", name: set }] } } }
  - job: J
    dependsOn: [D, K, R, V]
    variables:
      once: $[ dependencies.D.outputs['D.set.v'] ]
      pre: $[ dependencies.D.outputs['preDeploy.set.v'] ]
      canary: $[ dependencies.K.outputs['deploy_20.set.v'] ]
      rolling: $[ dependencies.R.outputs['deploy_vm4.set.v'] ]
      machine: $[ dependencies.V.outputs['Deploy_vm3.set.v'] ]
    steps: [{ script: "echo $(once), $(pre), $(canary), $(rolling), $(machine)" }]
- stage: Two
  condition: and(succeeded(), eq(dependencies.One.outputs['D.D.set.v'], 'once'), eq(dependencies.One.outputs['K.deploy_10.set.v'], 'canary 10'))
  jobs:
  - job: J
    variables:
      once: $[ stageDependencies.One.D.outputs['D.set.v'] ]
      canary: $[ stageDependencies.One.K.outputs['deploy_10.set.v'] ]
      rolling: $[ stageDependencies.One.R.outputs['deploy_vm1.set.v'] ]
    steps: [{ script: "echo across: $(once), $(canary), $(rolling)" }]`,
    machines: fleet,
    prints: ['once, pre, canary 20, rolling vm4, once on vm3', 'across: once, canary 10, rolling vm1'],
  },
  {
    feature: 'environments',
    follows: 'process/approvals#approvals',
    yaml: `
stages:
- stage: S
  jobs:
  - { deployment: D, environment: prod, strategy: { runOnce: { deploy: { steps: [{ script: echo deployed }] } } } }`,
    approvals: async (environment, stage) => `${environment} ${stage}` !== 'prod S',
    prints: [],
    outline: ['S=failed'],
  },
  {
    feature: 'machines',
    follows: 'yaml-schema/jobs-deployment-environment#examples',
    yaml: `
jobs:
- { deployment: Short, environment: shop.vm2, strategy: { runOnce: { deploy: { steps: [{ script: "echo short $(Agent.Name) of $(Environment.Name)" }] } } } }
- deployment: Long
  environment: { name: Shop, resourceName: VM3, resourceType: virtualMachine }
  strategy: { runOnce: { deploy: { steps: [{ script: "echo long $(Agent.Name)" }] } } }
- deployment: Tagged
  environment: { name: shop, tags: "web, east" }
  strategy: { runOnce: { deploy: { steps: [{ script: "true" }] } } }`,
    machines: fleet,
    prints: ['short vm2 of shop', 'long vm3'],
    outline: [
      '__default=succeeded',
      '__default.Short.deploy_vm2=succeeded',
      '__default.Long.deploy_vm3=succeeded',
      '__default.Tagged.deploy_vm1=succeeded',
      '__default.Tagged.deploy_vm4=succeeded',
    ],
  },
  {
    feature: 'automatic download',
    follows: 'yaml-schema/steps-download#automatic-download-in-deployment-jobs',
    yaml: `
stages:
- stage: Build
  jobs: [{ job: J, steps: [{ script: echo built > app.txt }, { publish: app.txt, artifact: drop }, { publish: app.txt, artifact: more }] }]
- stage: Deploy
  jobs:
  - deployment: All
    environment: test
    strategy: { runOnce: { preDeploy: { steps: [{ script: "ls $(Pipeline.Workspace)/drop || echo not before" }] }, deploy: { steps: [{ script: "cd $(Pipeline.Workspace); cat drop/* more/*" }] } } }
  - deployment: Chosen
    environment: test
    strategy: { runOnce: { deploy: { steps: [{ download: current, artifact: more }, { script: "cd $(Pipeline.Workspace); ls drop || cat more/*" }] } } }
  - deployment: None
    environment: test
    strategy: { runOnce: { deploy: { steps: [{ download: none }, { script: "cd $(Pipeline.Workspace); ls drop || echo nothing" }] } } }`,
    only: /^(built|not before|nothing)$/,
    prints: ['not before', 'built', 'built', 'built', 'nothing'],
  },
];
