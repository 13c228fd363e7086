import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join, resolve } from 'node:path';
import { majorOfNode } from './agent/agent.ts';
import { Artifacts } from './agent/artifacts.ts';
import { agentPatience } from './agent/child.ts';
import { hostEnvironment } from './agent/environment.ts';
import { Masker } from './agent/masking.ts';
import { secretsOf } from './agent/service-connection.ts';
import { readTaskFolders } from './agent/task-folder.ts';
import { systemClock } from './clock.ts';
import { Dictionary } from './expressions/values.ts';
import { pipelineName, readPipeline } from './model/read-pipeline.ts';
import type { RunResult } from './result.ts';
import { checkPlan } from './run/check-plan.ts';
import { guidOf } from './run/identity.ts';
import type { RunState } from './run/job-run.ts';
import { PipelineRun } from './run/pipeline-run.ts';
import type { RunOptions } from './run/run-options.ts';
import { type RunIdentity, variablesBeforeRun } from './run/system-variables.ts';
import { plainView } from './view/plain-view.ts';

export type { ServiceConnection } from './agent/service-connection.ts';
export { type Feature, features } from './features.ts';
export type * from './result.ts';
export type { RunningStep } from './run/job-run.ts';
export type { PipelineRun } from './run/pipeline-run.ts';
export type { Machine, RunOptions } from './run/run-options.ts';
export { plainView } from './view/plain-view.ts';
export { PipelineError } from './yaml/problem.ts';

/** Plays a pipeline file from its first to its last stage. A file that says what is not played rejects with its line. */
export async function playPipeline(options: RunOptions): Promise<RunResult> {
  return preparePipeline(options).play();
}

/** Reads and checks a pipeline and gives a handle on the run: to play it, to play a stage again, to find its process. */
export function preparePipeline(options: RunOptions): PipelineRun {
  const identity = identify(options);
  const state = stateOf(options, identity);
  const { tasks, connections, nodeMajor } = state.agent;
  const { machines } = options;
  checkPlan(state.pipeline, { tasks, connections, nodeMajor, machines, given: plainVariables(options) });
  return new PipelineRun(state);
}

function identify({
  file,
  workspace,
  project,
  buildId = 1,
  buildNumber = '20260101.1',
  collectionUri,
  reason = 'Manual',
  sourceBranch = 'refs/heads/main',
}: RunOptions): RunIdentity {
  return {
    buildId,
    buildNumber,
    planId: guidOf(collectionUri, file, buildId),
    reason,
    sourceBranch,
    definitionName: pipelineName(file),
    repositoryName: basename(resolve(workspace)),
    project: project ?? { name: 'Rehearsal', id: guidOf(collectionUri, 'project') },
  };
}

function stateOf(options: RunOptions, identity: RunIdentity): RunState {
  const agent = agentOf(options, identity);
  const before = variablesBeforeRun(identity, agent.collectionUri);
  const pipeline = readPipeline({
    file: resolve(options.file),
    root: agent.workspace,
    parameters: options.parameters ?? {},
    variables: new Dictionary([...before.entries(), ...plainVariables(options)]),
    ...(options.variableGroups && { variableGroups: options.variableGroups }),
  });
  const view = options.view ?? plainView(options.output, { clock: agent.clock, verbose: options.verbose ?? false });
  const cancelled = options.cancel ?? new AbortController().signal;
  return {
    options,
    agent,
    identity,
    pipeline,
    view,
    artifacts: new Artifacts(join(agent.workFolder, '_artifacts')),
    cancelled,
    running: new Map(),
    agents: new Set(),
    jobsStarted: 0,
  };
}

/** Secrets are not there before a run. */
function plainVariables({ variables = {} }: RunOptions): readonly (readonly [string, string])[] {
  return Object.entries(variables).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
}

function agentOf(options: RunOptions, identity: RunIdentity): RunState['agent'] {
  const { serviceConnections = [], path = [], nodePath = process.execPath, proxy, caFile } = options;
  const accessToken = options.accessToken ?? `job-token-${guidOf(identity.planId, 'token')}`;
  const masker = new Masker();
  for (const secret of [accessToken, proxy?.password ?? '', ...serviceConnections.flatMap(secretsOf)])
    masker.add(secret);
  return {
    clock: options.clock ?? systemClock,
    patience: options.patience ?? agentPatience,
    minuteMs: options.minuteMs ?? 60_000,
    retryMs: options.retryMs ?? 1000,
    nodePath,
    nodeMajor: majorOfNode(nodePath),
    workFolder: options.workFolder ?? mkdtempSync(join(tmpdir(), 'pipeline-work-')),
    workspace: resolve(options.workspace),
    tasks: readTaskFolders(options.taskFolders),
    connections: serviceConnections,
    collectionUri: options.collectionUri.replace(/\/*$/, '/'),
    accessToken,
    masker,
    host: hostEnvironment({ ...process.env, PATH: [...path, process.env['PATH'] ?? ''].join(delimiter) }),
    network: { ...(proxy && { proxy }), ...(caFile && { caFile }) },
  };
}
