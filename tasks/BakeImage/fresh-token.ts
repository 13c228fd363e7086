import { createDefaultHttpClient, createEmptyPipeline } from '@azure/core-rest-pipeline';
import type { Agent } from '../common/agent/agent.ts';
import { networkPolicy } from '../common/azure/network.ts';
import type { ServiceConnection } from '../common/sign-in/connection.ts';
import { freshOidcToken } from '../common/sign-in/oidc.ts';

/** How a fresh OIDC token is got for this connection, over the agent's network; each is masked by whoever asks. */
export function tokenSource(
  connection: ServiceConnection,
  agent: Pick<Agent, 'network' | 'mask'>,
): () => Promise<string> {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(networkPolicy(agent.network));
  const client = createDefaultHttpClient();
  return () =>
    freshOidcToken(connection, { send: (request) => pipeline.sendRequest(client, request), mask: agent.mask });
}
