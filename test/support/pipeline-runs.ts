import { registerBuild, registerJob } from '../azure/index.ts';
import type { Rehearsal } from './rehearsal.ts';

const collection = 'https://dev.azure.com/contoso';
const projectId = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';

/** A process of a pipeline run of its own, number `id`; all runs before it have ended, and Azure DevOps knows that. */
export function runOf({ world }: Pick<Rehearsal, 'world'>, id: number) {
  const { accessToken } = registerJob(world, { collectionUri: collection, projectId, connectionIds: [] });
  const build = (number: number, status: 'inProgress' | 'completed') =>
    registerBuild(world, collection, projectId, { id: number, buildNumber: `1.${number}`, status });
  if (id > 1) build(id - 1, 'completed');
  build(id, 'inProgress');
  return {
    run: `${collection}/${projectId}/build/${id}`,
    service: { collection, projectId, accessToken },
  };
}
