import { createDefaultHttpClient, createEmptyPipeline, type HttpClient } from '@azure/core-rest-pipeline';
import { networkPolicy } from '../network/network-policy.ts';
import type { NetworkSettings } from '../network/network-settings.ts';
import type { Send } from './oidc.ts';

/**
 * The way to the pipeline service. No retries and no redirects: `oidc.ts` decides about the first, and the second would
 * carry the job's token away.
 */
export function oidcSend(network: NetworkSettings, httpClient: HttpClient = createDefaultHttpClient()): Send {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(networkPolicy(network));
  return (request) => pipeline.sendRequest(httpClient, request);
}
