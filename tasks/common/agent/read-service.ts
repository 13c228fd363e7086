import type { PipelineService } from '../devops/run-state.ts';
import type { EndpointSource } from './read-connection.ts';

/** The pipeline service as the agent names it, and the job's token, masked; undefined where it gives either not. */
export function readService(source: EndpointSource, mask: (secret: string) => void): PipelineService | undefined {
  const accessToken = source.parameter('SystemVssConnection', 'AccessToken')?.trim();
  const collection = source.variable('System.CollectionUri')?.trim().replace(/\/+$/, '');
  const projectId = source.variable('System.TeamProjectId')?.trim();
  if (accessToken) mask(accessToken);
  return accessToken && collection && projectId ? { accessToken, collection, projectId } : undefined;
}
