import type { Agent } from '../common/agent/agent.ts';
import { parseRegions, type WantedRegion } from '../common/azure/gallery-regions.ts';
import { type SourceId, sourceId } from '../common/azure/gallery-source.ts';
import type { ImageVersionId } from '../common/azure/resource-id.ts';
import { Failure } from '../common/failure.ts';
import type { ServiceConnection } from '../common/sign-in/connection.ts';

export interface PublishRequest {
  readonly connection: ServiceConnection;
  readonly version: ImageVersionId;
  readonly source: SourceId;
  /** Empty: the source's own region. */
  readonly regions: readonly WantedRegion[];
  readonly excludeFromLatest: boolean;
  readonly timeoutInMinutes: number;
}

/** Everything that PublishGalleryVersion reads from its inputs. */
export function readRequest(agent: Pick<Agent, 'inputs' | 'connection'>): PublishRequest {
  const { inputs } = agent;
  const connection = agent.connection('azureSubscription');
  return {
    connection,
    version: {
      subscription: connection.subscriptionId,
      group: inputs.text('resourceGroupName'),
      gallery: inputs.text('galleryName'),
      definition: inputs.text('imageDefinitionName'),
      version: versionNumber('imageVersion', inputs.text('imageVersion')),
    },
    source: sourceId('sourceImageId', inputs.text('sourceImageId')),
    regions: parseRegions('targetRegions', inputs.lines('targetRegions')),
    excludeFromLatest: inputs.flag('excludeFromLatest', false),
    timeoutInMinutes: inputs.count('timeoutInMinutes', { min: 1, max: 2880, fallback: 120 }),
  };
}

/** Azure takes three 32-bit numbers and nothing else (azure.md §13); `01.2.3` would be another resource than `1.2.3`. */
function versionNumber(input: string, text: string): string {
  const parts = text.split('.');
  const fits =
    parts.length === 3 && parts.every((part) => /^(0|[1-9]\d{0,9})$/.test(part) && Number(part) <= 2 ** 31 - 1);
  if (fits) return text;
  throw new Failure(
    'InvalidInput',
    `Input "${input}" is "${text}"`,
    'It must be three whole numbers without leading zeros, each at most 2147483647, for example 1.2.3.',
  );
}
