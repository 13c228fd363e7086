import { type GalleryVersion, readVersion } from '../common/azure/gallery.ts';
import { isPassing } from '../common/execute/passing.ts';
import type { PublishRequest } from './inputs.ts';
import type { PublishTools } from './publish-version.ts';
import { lookAgainMs } from './replication-story.ts';

/**
 * Looks at the version while it is waited for. Azure replicates for hours, and a network that is away for a minute says
 * nothing of that: such a look is made again until the time is over.
 */
export async function patientLook(
  { version }: PublishRequest,
  { azure, clock, agent }: PublishTools,
  { since, deadline }: { readonly since: number; readonly deadline: number },
): Promise<GalleryVersion | undefined> {
  for (;;) {
    try {
      return await readVersion(azure, version);
    } catch (error) {
      if (!isPassing(error) || clock.now() >= deadline || agent.cancelled.aborted) throw error;
      agent.log.line(`The version could not be seen, looking again: ${error.message}`);
      await clock.sleep(lookAgainMs(clock.now() - since), agent.cancelled);
    }
  }
}
