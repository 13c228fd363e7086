import { ArmError } from '../../core/arm-errors.ts';
import type { Answer, Request } from '../../core/http.ts';
import { accept, type Completion } from '../../core/operations.ts';
import { later, type World } from '../../core/world.ts';
import type { GalleryVersion, Replica } from '../state.ts';
import { capsOperation } from './operation.ts';
import { failedReplicas, replicateTo, targetRegions } from './replication.ts';
import type { Source } from './source.ts';
import { versionBody } from './version-body.ts';

interface Replication {
  readonly status: 200 | 201;
  /** How to get the source's disk; without it the version has it. */
  readonly read?: Source['read'];
}

/** Reads the source, if there is one to read, and brings the version into its regions. */
export const replicate = (
  world: World,
  request: Request,
  version: GalleryVersion,
  { status, read }: Replication,
): Answer =>
  accept(world, request, {
    status,
    ...capsOperation(request, version.location),
    body: versionBody(world, version, request),
    work(completion) {
      const spread = () => spreadOut(world, request, version, completion);
      if (!read) return spread();
      return read((disk, problem) => {
        if (problem) return fail(version, completion, new ArmError(409, problem.code, problem.message));
        version.disk = disk;
        return spread();
      });
    },
  });

/** The operation ends when every region has ended; one that has failed fails the version (azure.md §13). */
function spreadOut(world: World, request: Request, version: GalleryVersion, completion: Completion): void {
  const endsAt = replicateTo(world, version, targetRegions(version.properties, version.location));
  const leastMs = world.settings.instanceWriteMs;
  later(world, Math.max(endsAt - world.clock.now(), leastMs), () => {
    const failed = failedReplicas(version);
    if (failed.length > 0) return fail(version, completion, replicationFailed(version, failed));
    version.provisioningState = 'Succeeded';
    return completion.succeed(versionBody(world, version, request));
  });
}

function fail(version: GalleryVersion, completion: Completion, error: ArmError): void {
  version.provisioningState = 'Failed';
  completion.fail(error);
}

/** Code and sentence are ours: nothing published shows them. */
const replicationFailed = (version: GalleryVersion, failed: readonly Replica[]) =>
  new ArmError(
    409,
    'GalleryImageVersionReplicationFailed',
    `The gallery image version '${version.id}' was not replicated to ${failed.map(({ region }) => region).join(', ')}.`,
    {
      details: failed.map(({ region, problem = '' }) => ({
        code: 'ReplicationFailed',
        message: problem,
        target: region,
      })),
    },
  );
