import { resolve } from 'node:path';
import type { DownloadStep, PublishStep } from '../model/pipeline.ts';
import type { StepContext } from './step-context.ts';

/** `publish` is short for PublishPipelineArtifact@1 (agent: PipelineArtifactPluginV1.cs). */
export function runPublish(context: StepContext, step: PublishStep): void {
  const { variables, artifacts } = context.job;
  const path = resolve(variables.get('system.defaultWorkingDirectory') ?? '', variables.expand(step.path));
  const name = variables.expand(step.artifact);
  artifacts.publish(name, path);
  context.write('', `Published ${path} as artifact ${name}`);
}

/** `download` is short for DownloadPipelineArtifact@2, to a folder of the artifact's name below the job's own. */
export function runDownload(context: StepContext, step: DownloadStep): void {
  const { variables, artifacts } = context.job;
  const to = variables.get('pipeline.workspace') ?? '';
  const name = variables.expand(step.artifact);
  const count = artifacts.download(name, variables.expand(step.patterns), to);
  context.write('', `Downloaded ${count} files of ${name || 'all artifacts'} to ${to}`);
}
