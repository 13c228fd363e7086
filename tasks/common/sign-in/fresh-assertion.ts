import type { HttpClient } from '@azure/core-rest-pipeline';
import { type Clock, systemClock } from '../clock.ts';
import type { NetworkSettings } from '../network/network-settings.ts';
import { type NewId, newId } from '../random.ts';
import { clientAssertion } from './client-assertion.ts';
import type { ServiceConnection } from './connection.ts';
import { freshOidcToken } from './oidc.ts';
import { oidcSend } from './oidc-send.ts';

export interface SignInOptions {
  readonly network: NetworkSettings;
  readonly mask: (secret: string) => void;
  /** In place of real sockets: the simulated Azure of the tests. */
  readonly httpClient?: HttpClient;
  readonly clock?: Clock;
  readonly newId?: NewId;
}

/** What the connection shows in place of a secret: an OIDC token of the pipeline, or one signed with its certificate. */
export async function freshAssertion(connection: ServiceConnection, options: SignInOptions): Promise<string> {
  const { mask, network, httpClient } = options;
  const clock = options.clock ?? systemClock;
  if (connection.secret.scheme === 'certificate')
    return clientAssertion(connection, { mask, clock, newId: options.newId ?? newId });
  return freshOidcToken(connection, { mask, clock, send: oidcSend(network, httpClient) });
}
