import { isLostAnswer, isStatus } from '../common/azure/arm-failure.ts';
import type { Azure } from '../common/azure/connect.ts';
import { createVersion, type GalleryVersion, updateRegions } from '../common/azure/gallery.ts';
import type { Operation } from '../common/azure/long-running.ts';
import type { ImageVersionId } from '../common/azure/resource-id.ts';
import { Failure } from '../common/failure.ts';
import type { PublishStep } from './next-publish-step.ts';

export type Write = Extract<PublishStep, { readonly kind: 'create' | 'addRegions' }>;

export interface VersionWriter {
  write(step: Write, seen: GalleryVersion | undefined): Promise<'accepted' | 'underWay' | 'lookAgain'>;
  /** Why the operation that we started ended badly, if it did. */
  failure(): Error | undefined;
}

export interface Content {
  readonly location: string;
  readonly sourceId: string;
  readonly excludeFromLatest: boolean;
}

/** So many writes may be without a visible effect before we give up. */
const mostWrites = 3;

/**
 * Writes the version, one operation at a time. A write whose answer was lost, or that met somebody else's, is not
 * repeated here: the caller looks at the version again and decides anew.
 */
export function versionWriter(
  azure: Azure,
  id: ImageVersionId,
  content: Content,
  stopWatching: AbortSignal,
): VersionWriter {
  let operation: Operation<unknown> | undefined;
  let writes = 0;
  const start = (step: Write, seen: GalleryVersion | undefined) =>
    step.kind === 'addRegions' && seen
      ? updateRegions(azure, id, seen, step.regions, stopWatching)
      : createVersion(azure, id, { ...content, regions: step.regions }, stopWatching);
  const failure = () => {
    const progress = operation?.progress();
    return progress?.kind === 'failed' ? progress.failure : undefined;
  };
  return {
    failure,
    async write(step, seen) {
      if (operation?.progress().kind === 'running') return 'underWay'; // accepted, and reads lag behind
      const failed = failure();
      if (failed) throw failed;
      writes += 1;
      if (writes > mostWrites) throw withoutEffect(id);
      try {
        operation = await start(step, seen);
        return 'accepted';
      } catch (error) {
        if (writes === mostWrites || !isWorthALook(error)) throw error;
        return 'lookAgain';
      }
    },
  };
}

function isWorthALook(error: unknown): boolean {
  const cause = error instanceof Failure ? error.cause : error;
  return isLostAnswer(cause) || isStatus(cause, 409);
}

const withoutEffect = ({ gallery, definition, version }: ImageVersionId) =>
  new Failure(
    'WriteWithoutEffect',
    `Azure accepted the write of version ${version} of ${gallery}/${definition} ${mostWrites} times, and it does not show`,
    'Look at the version in the portal and at the Activity log, then run the task again.',
  );
