import type { FeatureCase } from './feature-case.ts';

/** How a file is read and expanded before anything runs. */
export const fileCases: readonly FeatureCase[] = [
  {
    feature: 'ignored keys',
    follows: 'process/run-number',
    yaml: `
trigger: { branches: { include: [main] } }
pr: none
schedules: []
name: $(TeamProject)_$(Date:yyyyMMdd)$(Rev:.r)
pool: { vmImage: ubuntu-latest }
steps: [{ script: "echo run $(Build.BuildNumber)" }]`,
    buildNumber: 'shop_20260105.2',
    prints: ['run shop_20260105.2'],
  },
  {
    feature: 'yaml',
    follows: 'yaml-schema/boolean',
    yaml: `
variables: { a: 1.10, b: 007, c: true, d: '', e: yes }
steps: [{ script: "echo $(a) $(b) $(c) [$(d)] $(e)", enabled: on }]`,
    prints: ['1.10 007 true [] yes'],
  },
  {
    feature: 'parameters',
    follows: 'yaml-schema/parameters-parameter#examples',
    about: 'a value out of a list',
    yaml: `
parameters:
- { name: image, displayName: Image of the pool, type: string, default: ubuntu-latest, values: [ubuntu-latest, macOS-latest] }
jobs: [{ job: build, pool: { vmImage: "\${{ parameters.image }}" }, steps: [{ script: "echo runs on \${{ parameters.image }}" }] }]`,
    parameters: { image: 'macOS-latest' },
    prints: ['runs on macOS-latest'],
  },
  {
    feature: 'parameters',
    follows: 'process/runtime-parameters#parameter-data-types',
    about: 'each kind',
    yaml: `
parameters:
- { name: who, type: string, default: world }
- { name: count, type: number, default: 2 }
- { name: loud, type: boolean, default: false }
- { name: list, type: object, default: [a, b] }
- { name: extra, type: stepList, default: [{ script: echo a step }] }
steps:
- script: echo \${{ parameters.who }} \${{ parameters.count }} \${{ parameters.loud }} \${{ join('+', parameters.list) }}
- \${{ parameters.extra }}`,
    parameters: { loud: true },
    prints: ['world 2 True a+b', 'a step'],
  },
  {
    feature: 'template expressions',
    follows: 'process/template-expressions',
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
  {
    feature: 'inserts',
    follows: 'process/template-expressions#conditional-insertion',
    about: 'if, elseif and else',
    yaml: `
parameters: [{ name: tool, default: make }]
steps:
- \${{ if eq(parameters.tool, 'ant') }}:
  - script: echo ant
- \${{ elseif eq(parameters.tool, 'make') }}:
  - script: echo make
    env:
      \${{ if ne(parameters.tool, 'ant') }}: { MODE: fast }
- \${{ else }}:
  - script: echo neither`,
    prints: ['make'],
  },
  {
    feature: 'inserts',
    follows: 'process/template-expressions#iterative-insertion',
    about: 'each, and insert',
    yaml: `
parameters:
- { name: sizes, type: object, default: { small: 1, large: 2 } }
- { name: common, type: object, default: { shared: yes } }
- name: jobs
  type: jobList
  default: [{ job: first, steps: [{ script: echo first }] }, { job: second, steps: [{ script: echo second }] }]
variables:
  \${{ insert }}: \${{ parameters.common }}
  own: no
jobs:
- \${{ each job in parameters.jobs }}:
  - \${{ each pair in job }}:
      \${{ if ne(pair.key, 'steps') }}: { "\${{ pair.key }}": "\${{ pair.value }}" }
    steps:
    - \${{ job.steps }}
    - \${{ each size in parameters.sizes }}:
      - script: echo \${{ size.key }}=\${{ size.value }} $(shared) $(own)`,
    prints: ['first', 'small=1 yes no', 'large=2 yes no', 'second', 'small=1 yes no', 'large=2 yes no'],
  },
  {
    feature: 'templates',
    follows: 'process/templates#insert-a-template',
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
  {
    feature: 'extends',
    follows: 'yaml-schema/extends#examples',
    about: 'with parameters',
    yaml: `
trigger: none
pool: { vmImage: ubuntu-latest }
variables: { own: from the pipeline, kind: Release }
extends:
  template: base.yml
  parameters: { configuration: "\${{ variables.kind }}" }`,
    files: {
      'base.yml': `
parameters: [{ name: configuration, type: string, default: Debug }]
variables: { theirs: and the template }
stages: [{ stage: Build, jobs: [{ job: J, steps: [{ script: "echo \${{ parameters.configuration }} \${{ variables.own }} $(theirs)" }] }] }]`,
    },
    prints: ['Release from the pipeline and the template'],
    outline: ['Build=succeeded', 'Build.J=succeeded'],
  },
  {
    feature: 'extends',
    follows: 'process/templates#extend-from-a-template',
    about: 'a list of steps between steps of the template',
    yaml: `
extends:
  template: ci/start.yml
  parameters: { steps: [{ bash: echo mine, displayName: Mine }] }`,
    files: {
      'ci/start.yml': `
parameters: [{ name: steps, type: stepList, default: [] }]
jobs:
- job: secured
  steps:
  - script: echo before
  - \${{ each step in parameters.steps }}:
    - \${{ each pair in step }}:
        \${{ pair.key }}: \${{ pair.value }}
  - script: echo after`,
    },
    prints: ['before', 'mine', 'after'],
  },
  {
    feature: 'variables',
    follows: 'yaml-schema/variables#examples',
    about: 'at three places',
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
  {
    feature: 'variable groups',
    follows: 'yaml-schema/variables-group#examples',
    yaml: `
variables:
- group: Shop
- { name: own, value: of the file }
- { name: replaced, value: mine }
steps:
- { script: "echo $(region) $(own) $(replaced) [$KEY] $(key)" }
- { script: "echo [$MAPPED]", env: { MAPPED: $(key) } }
- { bash: printf %s "$MAPPED" | base64, env: { MAPPED: $(key) } }`,
    variableGroups: { shop: { region: 'koreacentral', replaced: 'theirs', key: { value: 'hush-hush', secret: true } } },
    prints: ['koreacentral of the file mine [] ***', '[***]', '***'],
  },
  {
    feature: 'runtime expressions',
    follows: 'process/expressions',
    yaml: `
variables: { a: x, b: "$[ format('{0}-{1}', variables.a, variables['Build.BuildId']) ]" }
steps: [{ script: echo $(b) }]`,
    buildId: 7,
    prints: ['x-7'],
  },
];
