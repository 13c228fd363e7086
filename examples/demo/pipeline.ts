import { join } from 'node:path';
import { projectFolder } from '../../build/project.ts';
import { systemClock } from '../../test/pipeline/clock.ts';
import { plainView, preparePipeline, type RunResult } from '../../test/pipeline/play.ts';
import type { RunView } from '../../test/pipeline/view/view.ts';
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
  readonly deploy: boolean;
  readonly broken: boolean;
  readonly drain: boolean;
  readonly minReadySeconds: number;
  readonly nodeHealthTimeout: string;
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
  const { rehearsal, taskFolder, workFolder, verbose, say, cancel, approvals, sources = projectFolder } = settings;
  const run = preparePipeline({
    file: join(sources, 'examples', 'azure-pipelines.yml'),
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
    view: listening(plainView(say, { clock: systemClock, verbose }), onStage),
    approvals,
    cancel,
  });
  return playedOf(parameters.appVersion, await run.play());
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
