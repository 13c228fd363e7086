import type { Agent } from '../common/agent/agent.ts';
import { problem } from '../common/agent/input-problem.ts';
import { parseRegions, type WantedRegion } from '../common/azure/gallery-regions.ts';
import { type SourceId, sourceId } from '../common/azure/gallery-source.ts';
import type { ImageVersionId } from '../common/azure/resource-id.ts';
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
      group: inputs.resourceName('resourceGroupName', 'resource group'),
      gallery: inputs.resourceName('galleryName', 'gallery'),
      definition: inputs.resourceName('imageDefinitionName', 'image definition'),
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
  if (text.toLowerCase() === 'latest') throw problem('ImageVersionNotConcrete', input, text, latestHint);
  if (!/^(?:(?:0|[1-9]\d*)\.){2}(?:0|[1-9]\d*)$/.test(text)) throw problem('InvalidInput', input, text, versionHint);
  if (text.split('.').every((part) => Number(part) <= 2 ** 31 - 1)) return text;
  throw problem('InputOutOfRange', input, text, versionHint);
}

const versionHint =
  'It must be three whole numbers without leading zeros, each at most 2147483647, for example 1.2.3. A run can number its versions by itself: 1.0.$(Build.BuildId).';
const latestHint =
  'Give the version a number of its own, for example 1.2.3: which one is the latest follows from the numbers.';
