// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how Azure Pipelines writes an expression.

/** One thing of Azure Pipelines that the player plays. The table is frozen: what it does not list is refused by name. */
export interface Feature {
  readonly id: string;
  readonly plays: string;
  /** Where the player is narrower than the service, or where the service's way is not proven. */
  readonly limits?: string;
  /** Below https://learn.microsoft.com/azure/devops/pipelines/, or a file of microsoft/azure-pipelines-agent. */
  readonly link: string;
}

const docsBase = 'https://learn.microsoft.com/azure/devops/pipelines/';
const agentBase = 'https://github.com/microsoft/azure-pipelines-agent/blob/master/src/';

export const features: readonly Feature[] = [
  {
    id: 'ignored keys',
    plays: '`trigger`, `pr`, `schedules`, `name`, `pool`, `appendCommitMessageToRunName` are read over',
    limits: 'when and where a run happens, and its number, is said by the caller; `pool: server` is refused',
    link: 'yaml-schema/pipeline',
  },
  {
    id: 'yaml',
    plays: 'every scalar is the text as written (`1.10`, `007`); a key written twice is refused',
    limits: 'anchors, aliases and complex keys are refused, as by the service',
    link: 'yaml-schema/',
  },
  {
    id: 'parameters',
    plays: 'string, number, boolean, object and step/job/stage (lists) with `default` and `values`',
    link: 'yaml-schema/parameters-parameter',
  },
  {
    id: 'template expressions',
    plays: '`${{ }}` in keys and values with `parameters` and the variables known before the run',
    limits: 'no `counter`, no dates in `format`',
    link: 'process/template-expressions',
  },
  {
    id: 'inserts',
    plays: '`${{ if }}`, `elseif`, `else`, `each` over lists and mappings, `insert`, a list put into a list',
    link: 'process/template-expressions#conditional-insertion',
  },
  {
    id: 'templates',
    plays: 'stage, job, step and variable templates of the same repository, with parameters, nested',
    limits: 'no `resources`, so no templates of other repositories',
    link: 'process/templates',
  },
  {
    id: 'extends',
    plays:
      "a template of the same repository with parameters, as the whole of the pipeline; its variables come after the pipeline's",
    limits: 'no `templateContext`; what checks ask for a template is not played',
    link: 'yaml-schema/extends',
  },
  {
    id: 'variables',
    plays: 'mapping and list, `readonly`; stage over pipeline, job over stage; macros `$(x)`, unknown ones stay',
    link: 'process/variables',
  },
  {
    id: 'variable groups',
    plays:
      'groups that the caller gives, with secrets, at each place where variables stand; of one name the later wins',
    limits:
      '`${{ }}` does not know their variables, and a service connection can not be named by one: whether the service can is not proven',
    link: 'library/variable-groups',
  },
  {
    id: 'runtime expressions',
    plays: '`$[ ]` as a whole variable value, evaluated when the job starts; one that finds no output is pointed out',
    link: 'process/expressions',
  },
  {
    id: 'stages',
    plays: 'order by `dependsOn` (text, list, none; the stage before by default), `condition`, `variables`',
    limits: 'one at a time, in the order of the file, also where the service would run them side by side',
    link: 'yaml-schema/stages-stage',
  },
  {
    id: 'jobs',
    plays:
      '`dependsOn`, `condition`, `variables`, `continueOnError`, `workspace`, `steps` alone or `jobs` alone at the root',
    limits:
      'one at a time; `workspace` changes nothing, as every job has an empty folder; no `container`, `services`, `uses`, `target`',
    link: 'yaml-schema/jobs-job',
  },
  {
    id: 'matrix',
    plays:
      'legs with their variables, written or as JSON of `$[ ]`; side by side, `maxParallel` at most; also where the pipeline is one job',
    limits: 'an empty matrix is refused; a leg hides a variable of the job: not proven',
    link: 'yaml-schema/jobs-job-strategy',
  },
  {
    id: 'parallel',
    plays: 'copies side by side, `System.JobPositionInPhase` and `System.TotalJobsInPhase`',
    link: 'process/phases#slicing',
  },
  {
    id: 'conditions',
    plays: '`succeeded`, `failed`, `succeededOrFailed`, `always`, `canceled`, with names or over the whole graph',
    limits:
      'a step knows `variables` alone, a stage no `stageDependencies`; a variable computed by `$[ ]` can not be read by the condition of its own stage or job, as in the service',
    link: 'process/conditions',
  },
  {
    id: 'functions',
    plays:
      'and, or, xor, not, eq, ne, gt, ge, lt, le, in, notIn, contains, containsValue, startsWith, endsWith, coalesce, iif, format, join, split, replace, lower, upper, trim, length, convertToJson',
    limits: 'the line breaks of convertToJson are not proven',
    link: 'process/expressions#functions',
  },
  {
    id: 'job outputs',
    plays:
      "`$(step.v)` in the job; `dependencies.J.outputs['step.v']`; `stageDependencies.S.J.outputs['step.v']`; `dependencies.S.outputs['J.step.v']` in a stage's condition; `.result`; `['leg.step.v']` of a matrix, `['job1.step.v']` of `parallel`",
    limits: 'only what dependsOn names directly is seen',
    link: 'process/expressions#dependencies',
  },
  {
    id: 'deployment outputs',
    plays:
      "runOnce: `dependencies.D.outputs['D.step.v']`, `stageDependencies.S.D.outputs['D.step.v']`, `dependencies.S.outputs['D.D.step.v']` in a stage's condition; canary: `['deploy_10.step.v']`; on machines, rolling or not: `['deploy_vm1.step.v']`; other hooks by the hook's name",
    limits: 'a later hook does not see the outputs of an earlier one',
    link: 'process/deployment-jobs#support-for-output-variables',
  },
  {
    id: 'runOnce',
    plays: 'preDeploy, deploy, routeTraffic, postRouteTraffic, then on: success or on: failure; each a job of its own',
    limits: 'a failed hook fails the deployment, whatever on: failure does',
    link: 'yaml-schema/jobs-deployment-strategy-run-once',
  },
  {
    id: 'canary',
    plays: 'preDeploy once, then the other hooks for each of `increments`; `strategy.name`, `strategy.increment`',
    limits: 'not on machines; no `strategy.action`',
    link: 'yaml-schema/jobs-deployment-strategy-canary',
  },
  {
    id: 'rolling',
    plays:
      'batches of `maxParallel` machines (a number or a share); each hook is a job on each machine of the batch, side by side, and the next hook waits for all',
    limits:
      'a batch with a failure is the last, and `on:` runs on the machines reached so far; a share is rounded down, at least one: not proven',
    link: 'yaml-schema/jobs-deployment-strategy-rolling',
  },
  {
    id: 'machines',
    plays:
      'virtual machines of an environment, given by the caller: `environment: name.vm1`, `resourceName`, `resourceType: VirtualMachine`, `tags`; `Environment.ResourceName`',
    limits: 'this machine plays each of them; no Kubernetes, no `resourceId`',
    link: 'process/environments-virtual-machines',
  },
  {
    id: 'environments',
    plays: 'approval by the caller, asked once for each environment before the stage starts; refused: the stage fails',
    limits: 'no other checks',
    link: 'process/approvals',
  },
  {
    id: 'task steps',
    plays:
      '`task: Name@major` from the given folders: inputs, aliases, defaults, `env`, `name`, `displayName`; a service connection must be known before the run',
    limits: 'Node24 and Node20_1 handlers: the highest that the given Node can be; one Node for all tasks',
    link: 'yaml-schema/steps-task',
  },
  {
    id: 'script steps',
    plays: '`script` and `bash` with `workingDirectory`, `failOnStderr`, `env`',
    limits: 'run by bash on Linux and macOS; `pwsh` and `powershell` are refused',
    link: 'yaml-schema/steps-script',
  },
  {
    id: 'checkout',
    plays: '`self` (before the first step of an ordinary job too) and `none`; every job has a folder of its own',
    limits: 'copies the files that git knows or would take, as they are; `clean` and `fetchDepth` change nothing',
    link: 'yaml-schema/steps-checkout',
  },
  {
    id: 'publish',
    plays: '`publish` with `artifact`: a file or folder, once a name in a run',
    limits: 'no `.artifactignore`; the tasks PublishPipelineArtifact and PublishBuildArtifacts are not there',
    link: 'yaml-schema/steps-publish',
  },
  {
    id: 'download',
    plays: '`download: current` of one artifact or all, with `patterns` of `*`, `**`, `?` and `!`; `download: none`',
    limits: 'no artifacts of other pipelines',
    link: 'yaml-schema/steps-download',
  },
  {
    id: 'automatic download',
    plays: 'the `deploy` hook downloads all artifacts of the run first, unless it has a `download` step',
    link: 'yaml-schema/steps-download#automatic-download-in-deployment-jobs',
  },
  {
    id: 'step control',
    plays: '`condition`, `enabled`, `continueOnError`, `timeoutInMinutes`, `retryCountOnTaskFailure`',
    link: 'process/tasks#task-control-options',
  },
  {
    id: 'job time-outs',
    plays: '`timeoutInMinutes` cancels the job; `cancelTimeoutInMinutes` later its `always()` steps are ended too',
    limits: 'that such a job counts as canceled is not proven',
    link: 'process/phases#timeouts',
  },
  {
    id: 'commands',
    plays:
      '`##vso[task.*]` setvariable, settaskvariable, setsecret, complete, logissue, setprogress, uploadsummary, addattachment, uploadfile, logdetail, debug, prependpath; `build.updatebuildnumber`, `build.addbuildtag`, `build.uploadlog`, `build.uploadsummary`',
    limits: 'setendpoint is not played',
    link: 'scripts/logging-commands',
  },
  {
    id: 'artifact commands',
    plays: '`##vso[artifact.upload]` with `containerfolder` and `artifactname`: files for `download`',
    limits: '`artifact.associate` is only read',
    link: 'scripts/logging-commands#artifact-commands',
  },
  {
    id: 'restrictions',
    plays: '`commands.mode: restricted` and `settableVariables.allowed` of a task.json; a breach warns and is dropped',
    link: 'security/inputs#restrict-logging-commands',
  },
  {
    id: 'task environment',
    plays:
      'INPUT_*, ENDPOINT_*, SECRET_*, public variables, VSTS_TASKVARIABLE_*, proxy and CA as the agent was configured; of the host only what a process needs to run',
    link: 'agent:Agent.Worker/Handlers/Handler.cs',
  },
  {
    id: 'masking',
    plays: 'secrets as they are, as JSON, as part of an address, and (given ones) as base64',
    limits: 'a secret of several lines is found only where it is printed in one piece, as by the agent',
    link: 'agent:Microsoft.VisualStudio.Services.Agent/HostContext.cs',
  },
  {
    id: 'pre-job and post-job',
    plays:
      '`prejobexecution` first, `postjobexecution` last, in reverse order and always, also when the step was skipped',
    link: 'agent:Agent.Worker/JobExtension.cs',
  },
  {
    id: 'cancel',
    plays: 'SIGINT, SIGTERM after 7.5 s, SIGKILL 2.5 s later; steps whose condition still holds go on',
    link: 'agent:Agent.Sdk/ProcessInvoker.cs',
  },
  {
    id: 'rerun stage',
    plays: 'a stage again in the same run with the next attempt, asking for approval anew; later stages if wanted',
    limits: 'every job of the stage is played again, also those that had succeeded',
    link: 'process/stages#rerun-failed-jobs',
  },
];

function linkOf({ link }: Feature): string {
  return link.startsWith('agent:') ? agentBase + link.slice('agent:'.length) : docsBase + link;
}

/** The table of README.md. */
export function featureTable(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = features.map((feature) => {
    const { id, plays, limits = '' } = feature;
    return `| [${id}](${linkOf(feature)}) | ${cell(plays)} | ${cell(limits)} |`;
  });
  return ['| feature | what is played | limits |', '|---|---|---|', ...rows].join('\n');
}
