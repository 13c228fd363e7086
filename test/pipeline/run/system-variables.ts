import { arch, hostname } from 'node:os';
import { join } from 'node:path';
import type { Agent } from '../agent/agent.ts';
import type { Variables } from '../agent/variables.ts';
import { Dictionary } from '../expressions/values.ts';
import { guidOf } from './identity.ts';

/** A run as the service knows it. */
export interface RunIdentity {
  readonly buildId: number;
  buildNumber: string;
  readonly planId: string;
  readonly reason: string;
  readonly sourceBranch: string;
  readonly definitionName: string;
  readonly repositoryName: string;
  readonly project: { readonly name: string; readonly id: string };
}

/** A job as the service knows it; a hook of a deployment is a job of its own within the deployment's phase. */
export interface JobIdentity {
  readonly jobId: string;
  readonly stage: { readonly name: string; readonly displayName: string };
  readonly phase: { readonly name: string; readonly displayName: string };
  readonly jobName: string;
  readonly jobDisplayName: string;
  readonly attempt: number;
  readonly folder: string;
  readonly tempFolder: string;
  readonly agentName: string;
  readonly environment: string;
  readonly machine?: string;
  /** Of a copy of a job. */
  readonly position?: { readonly at: number; readonly of: number };
  readonly strategy: { readonly name: string; readonly increment?: number } | undefined;
}

/** Where the secrets of a run come from is not said here: only names and addresses. */
export function setSystemVariables(variables: Variables, agent: Agent, run: RunIdentity, job: JobIdentity): void {
  const all = {
    ...serviceVariables(agent, run),
    ...jobVariables(agent, run, job),
    ...agentVariables(agent, job),
    ...folders(agent, job),
  };
  for (const [name, value] of Object.entries(all)) variables.set(name, value, { readOnly: true });
  variables.set('build.buildNumber', run.buildNumber);
  variables.set('system.accessToken', agent.accessToken, { secret: true, readOnly: true });
  const password = agent.network.proxy?.password;
  if (password) variables.set('agent.proxypassword', password, { secret: true, readOnly: true });
}

/** What `${{ variables }}` may know: learn.microsoft.com/azure/devops/pipelines/build/variables, "available in templates". */
export function variablesBeforeRun(run: RunIdentity, collectionUri: string): Dictionary {
  return new Dictionary(
    Object.entries({
      'Build.DefinitionName': run.definitionName,
      'Build.Repository.Name': run.repositoryName,
      ...sourceOf(run),
      'System.CollectionUri': collectionUri,
      'System.TeamFoundationCollectionUri': collectionUri,
      'System.TeamProject': run.project.name,
      'System.TeamProjectId': run.project.id,
    }),
  );
}

/** The branch's name is the last part of its path. */
const sourceOf = ({ reason, sourceBranch }: RunIdentity) => ({
  'Build.Reason': reason,
  'Build.SourceBranch': sourceBranch,
  'Build.SourceBranchName': sourceBranch.split('/').at(-1) ?? '',
  'Build.SourceVersion': '0000000000000000000000000000000000000000',
});

function serviceVariables(agent: Agent, run: RunIdentity): Readonly<Record<string, string>> {
  return {
    system: 'build',
    'System.HostType': 'build',
    'System.ServerType': 'Hosted',
    'System.Culture': 'en-US',
    'System.CollectionUri': agent.collectionUri,
    'System.CollectionUrl': agent.collectionUri,
    'System.CollectionId': guidOf(agent.collectionUri),
    'System.TeamFoundationCollectionUri': agent.collectionUri,
    'System.TeamFoundationServerUri': agent.collectionUri,
    'System.TaskDefinitionsUri': agent.collectionUri,
    'System.TeamProject': run.project.name,
    'System.TeamProjectId': run.project.id,
    'System.DefinitionId': '1',
    'System.DefinitionName': run.definitionName,
    'System.EnableAccessToken': 'SecretVariable',
    'System.PlanId': run.planId,
    'System.TimelineId': run.planId,
    'Build.BuildId': String(run.buildId),
    'Build.BuildUri': `vstfs:///Build/Build/${run.buildId}`,
    'Build.DefinitionName': run.definitionName,
    'Build.QueuedBy': 'Pipeline Player',
    'Build.RequestedFor': 'Pipeline Player',
    'Build.RequestedForEmail': 'player@example.invalid',
    'Build.Repository.Name': run.repositoryName,
    'Build.Repository.Provider': 'TfsGit',
    ...sourceOf(run),
  };
}

function jobVariables(agent: Agent, run: RunIdentity, job: JobIdentity): Readonly<Record<string, string>> {
  const oidc = `_apis/distributedtask/hubs/build/plans/${run.planId}/jobs/${job.jobId}/oidctoken`;
  return {
    'System.JobId': job.jobId,
    'System.JobName': job.jobName,
    'System.JobDisplayName': job.jobDisplayName,
    'System.JobAttempt': String(job.attempt),
    'System.PhaseName': job.phase.name,
    'System.PhaseDisplayName': job.phase.displayName,
    'System.PhaseAttempt': String(job.attempt),
    'System.StageName': job.stage.name,
    'System.StageDisplayName': job.stage.displayName,
    'System.StageAttempt': String(job.attempt),
    'System.OidcRequestUri': `${agent.collectionUri}${run.project.id}/${oidc}`,
    'System.JobPositionInPhase': String(job.position?.at ?? 1),
    'System.TotalJobsInPhase': String(job.position?.of ?? 1),
    ...(job.environment && { 'Environment.Name': job.environment }),
    ...(job.machine && { 'Environment.ResourceName': job.machine }),
    ...(job.strategy && { 'Strategy.Name': job.strategy.name }),
    ...(job.strategy?.increment !== undefined && { 'Strategy.Increment': String(job.strategy.increment) }),
  };
}

function agentVariables(agent: Agent, job: JobIdentity): Readonly<Record<string, string>> {
  const { proxy, caFile } = agent.network;
  return {
    'Agent.Id': '1',
    'Agent.Name': job.agentName,
    'Agent.MachineName': hostname(),
    'Agent.OS':
      ({ linux: 'Linux', darwin: 'Darwin', win32: 'Windows_NT' } as Record<string, string>)[process.platform] ??
      process.platform,
    'Agent.OSArchitecture': arch().toUpperCase(),
    'Agent.Version': '4.265.1',
    'Agent.IsSelfHosted': '1',
    'Agent.JobName': job.jobDisplayName,
    ...(proxy && { 'Agent.ProxyUrl': proxy.url, 'Agent.UseBasicAuthForProxy': 'False' }),
    ...(proxy?.username && { 'Agent.ProxyUsername': proxy.username }),
    ...(proxy?.bypass?.length && { 'Agent.ProxyBypassList': JSON.stringify(proxy.bypass) }),
    ...(caFile && { 'Agent.CAInfo': caFile }),
  };
}

function folders(agent: Agent, job: JobIdentity): Readonly<Record<string, string>> {
  const sources = join(job.folder, 's');
  return {
    'Agent.BuildDirectory': job.folder,
    'Agent.HomeDirectory': agent.workFolder,
    'Agent.RootDirectory': agent.workFolder,
    'Agent.WorkFolder': agent.workFolder,
    'Agent.TempDirectory': job.tempFolder,
    'Agent.ToolsDirectory': join(agent.workFolder, '_tool'),
    'Build.SourcesDirectory': sources,
    'Build.Repository.LocalPath': sources,
    'Build.BinariesDirectory': join(job.folder, 'b'),
    'Build.StagingDirectory': join(job.folder, 'a'),
    'Build.ArtifactStagingDirectory': join(job.folder, 'a'),
    'Common.TestResultsDirectory': join(job.folder, 'TestResults'),
    'Pipeline.Workspace': job.folder,
    'System.ArtifactsDirectory': join(job.folder, 'a'),
    'System.DefaultWorkingDirectory': sources,
    'System.WorkFolder': agent.workFolder,
  };
}
