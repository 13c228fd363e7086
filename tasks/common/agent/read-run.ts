import { Failure } from '../failure.ts';
import type { RunIdentity } from './agent.ts';

type Variable = (name: string) => string | undefined;

/** Names the run from the agent's variables; builds (and YAML pipelines) first, classic releases otherwise. */
export function readRun(variable: Variable): RunIdentity {
  const collection = required(variable, 'System.CollectionUri').replace(/\/+$/, '');
  const project = required(variable, 'System.TeamProjectId');
  const place = `${collection}/${project}`;
  return variable('Release.ReleaseId') ? releaseRun(variable, place) : buildRun(variable, place);
}

function buildRun(variable: Variable, place: string): RunIdentity {
  const build = required(variable, 'Build.BuildId');
  return {
    id: `${place}/build/${build}`,
    attempt: `${variable('System.StageAttempt') || '1'}.${variable('System.JobAttempt') || '1'}`,
    name: variable('Build.BuildNumber') || build,
    url: `${place}/_build/results?buildId=${encodeURIComponent(build)}`,
  };
}

function releaseRun(variable: Variable, place: string): RunIdentity {
  const release = required(variable, 'Release.ReleaseId');
  return {
    id: `${place}/release/${release}`,
    attempt: `${variable('Release.AttemptNumber') || '1'}.1`,
    name: variable('Release.ReleaseName') || release,
    url: variable('Release.ReleaseWebURL') ?? '',
  };
}

function required(variable: Variable, name: string): string {
  const value = variable(name)?.trim();
  if (value) return value;
  throw new Failure('NotInPipeline', `The agent gave no ${name}`, 'Run this task as a step of an Azure Pipelines job.');
}
