import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { ClientAssertionCredential, ClientSecretCredential } from '@azure/identity';
import { type Clock, systemClock } from '../clock.ts';
import { networkPolicy, unusedProxy } from '../network/network-policy.ts';
import type { NetworkSettings } from '../network/network-settings.ts';
import { noLongWaitPolicy } from '../network/no-long-wait.ts';
import type { ServiceConnection } from './connection.ts';
import { wellKnownSignInHosts } from './hosts.ts';
import { freshOidcToken } from './oidc.ts';
import { oidcSend } from './oidc-send.ts';
import { signInFailure } from './sign-in-failure.ts';
import { type TroubleKeeper, troubleKeeper } from './trouble.ts';

export interface CredentialOptions {
  readonly network: NetworkSettings;
  readonly mask: (secret: string) => void;
  /** In place of real sockets: the simulated Azure of the tests. */
  readonly httpClient?: HttpClient;
  readonly clock?: Clock;
}

/** Signs in as the service connection; each access token is masked the moment it exists, each refusal is a `Failure`. */
export function credentialFor(connection: ServiceConnection, options: CredentialOptions): TokenCredential {
  const trouble = troubleKeeper(connection);
  const inner = innerCredential(connection, options, trouble);
  return {
    async getToken(scopes: string | string[], tokenOptions?: GetTokenOptions): Promise<AccessToken | null> {
      trouble.forget();
      const token = await inner.getToken(scopes, tokenOptions).catch((error: unknown) => {
        throw signInFailure(connection, error, trouble.last());
      });
      if (token) options.mask(token.token);
      return token;
    },
  };
}

function innerCredential(
  connection: ServiceConnection,
  options: CredentialOptions,
  trouble: TroubleKeeper,
): TokenCredential {
  const { tenantId, clientId, secret } = connection;
  const settings = identityOptions(connection, options, trouble);
  switch (secret.scheme) {
    case 'secret':
      options.mask(secret.clientSecret);
      return new ClientSecretCredential(tenantId, clientId, secret.clientSecret, settings);
    case 'federation': {
      const oidc = {
        mask: options.mask,
        send: oidcSend(options.network, options.httpClient),
        ...(options.clock && { clock: options.clock }),
      };
      // Asked at each exchange: an OIDC token lives ten minutes, a rollout for hours.
      const assertion = () => trouble.watch(freshOidcToken(connection, oidc));
      return new ClientAssertionCredential(tenantId, clientId, assertion, settings);
    }
  }
}

function identityOptions(connection: ServiceConnection, options: CredentialOptions, trouble: TroubleKeeper) {
  const { authority } = connection.cloud;
  const clock = options.clock ?? systemClock;
  return {
    authorityHost: authority,
    // Discovery asks the public cloud about hosts that only the connection's owner knows.
    disableInstanceDiscovery: !wellKnownSignInHosts.some((host) => host === new URL(authority).hostname),
    additionalPolicies: [
      { policy: trouble.policy, position: 'perCall' as const },
      { policy: networkPolicy(options.network), position: 'perRetry' as const },
      { policy: noLongWaitPolicy(() => clock.now(), longestWaitMs), position: 'perRetry' as const },
    ],
    proxyOptions: unusedProxy,
    redirectOptions: { maxRetries: 0 },
    retryOptions: { maxRetries: 3, maxRetryDelayInMs: 30_000 },
    ...(options.httpClient && { httpClient: options.httpClient }),
  };
}

/** Longer than this nobody waits to be let in. */
const longestWaitMs = 60_000;
