import type { Agent } from '../common/agent/agent.ts';
import type { ServiceConnection } from '../common/sign-in/connection.ts';
import { freshOidcToken } from '../common/sign-in/oidc.ts';
import { oidcSend } from '../common/sign-in/oidc-send.ts';

/** How a fresh OIDC token is got for this connection, over the agent's network; each is masked by whoever asks. */
export function tokenSource(
  connection: ServiceConnection,
  { network, mask }: Pick<Agent, 'network' | 'mask'>,
): () => Promise<string> {
  const send = oidcSend(network);
  return () => freshOidcToken(connection, { send, mask });
}
