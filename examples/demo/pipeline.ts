import { join } from 'node:path';
import { projectFolder } from '../../build/project.ts';
import { systemClock } from '../../test/pipeline/clock.ts';
import { plainView, preparePipeline, type RunResult } from '../../test/pipeline/play.ts';
import type { RunView } from '../../test/pipeline/view/view.ts';
import { writeDryRun } from './dry-run.ts';
import { collectionUri, type Rehearsal } from './rehearsal.ts';
import type { StageFinding } from './report.ts';

export interface PipelineSettings {
  readonly rehearsal: Rehearsal;
  /** Where the extension's tasks are. */
  readonly taskFolder: string;
  /** Where jobs work. */
  readonly workFolder: string;
  /** Of examples/azure-pipelines.yml; the demo's test plays a copy with shorter times. */
  readonly sources?: string;
  readonly approvals: (environment: string, stage: string) => Promise<boolean>;
  readonly cancel: AbortSignal;
  readonly verbose: boolean;
  readonly say: (line: string) => void;
}

/** What a person would type into the "Run pipeline" form. */
export interface Parameters {
  readonly appVersion: string;
  readonly template: string;
  readonly deploy: boolean;
  readonly broken: boolean;
  readonly drain: boolean;
  readonly minReadySeconds: number;
  readonly nodeHealthTimeout: string;
}

/** A run of a pipeline, as far as both kinds need it. */
interface Start {
  readonly file: string;
  readonly buildId: number;
  readonly view: RunView;
}

export interface Played {
  readonly succeeded: boolean;
  readonly stages: readonly StageFinding[];
}

/** Plays examples/azure-pipelines.yml once. `onStage` hears of each stage when it starts. */
export async function playExample(
  settings: PipelineSettings,
  buildId: number,
  parameters: Parameters,
  onStage: (name: string) => void,
): Promise<Played> {
  const view = listening(viewOf(settings), onStage);
  return playedOf(
    parameters.appVersion,
    await play(settings, parameters, { file: exampleOf(settings), buildId, view }),
  );
}

/** Plays a stage of it as a dry run, beside the run that waits for its approval. */
export async function playDryRun(
  settings: PipelineSettings,
  buildId: number,
  parameters: Parameters,
  stage: string,
): Promise<RunResult> {
  const version = settings.rehearsal.at.version(parameters.appVersion);
  const file = writeDryRun(exampleOf(settings), stage, version, join(settings.workFolder, `plan-${buildId}`));
  return play(settings, parameters, { file, buildId: 1_000 + buildId, view: viewOf(settings) });
}

const exampleOf = ({ sources = projectFolder }: PipelineSettings) => join(sources, 'examples', 'azure-pipelines.yml');

const viewOf = ({ say, verbose }: PipelineSettings) => plainView(say, { clock: systemClock, verbose });

function play(settings: PipelineSettings, parameters: Parameters, { file, buildId, view }: Start): Promise<RunResult> {
  const { rehearsal, taskFolder, workFolder, say, cancel, approvals, sources = projectFolder } = settings;
  return preparePipeline({
    file,
    workspace: sources,
    parameters: { ...parameters },
    taskFolders: [taskFolder],
    workFolder: join(workFolder, String(buildId)),
    serviceConnections: [rehearsal.connection],
    collectionUri,
    accessToken: rehearsal.accessToken,
    proxy: { url: rehearsal.azure.proxyUrl },
    caFile: rehearsal.azure.caFile,
    buildId,
    buildNumber: `20261122.${buildId}`,
    output: say,
    view,
    approvals,
    cancel,
  }).play();
}

const listening = (view: RunView, onStage: (name: string) => void): RunView => ({
  ...view,
  stageStarted(stage) {
    onStage(stage.name);
    view.stageStarted(stage);
  },
});

function playedOf(version: string, { result, stages }: RunResult): Played {
  return {
    succeeded: result === 'succeeded' || result === 'succeededWithIssues',
    stages: stages.map(({ name, result, startedAt, finishedAt, jobs }) => ({
      version,
      name,
      result,
      rolledBack: jobs.some(({ hook, result }) => hook === 'on.failure' && result === 'succeeded'),
      seconds: (finishedAt - startedAt) / 1_000,
    })),
  };
}
