import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import { ClientAssertionCredential, ClientSecretCredential } from '@azure/identity';
import { systemClock } from '../clock.ts';
import { networkPolicy, unusedProxy } from '../network/network-policy.ts';
import { noLongWaitPolicy } from '../network/no-long-wait.ts';
import type { ServiceConnection } from './connection.ts';
import { freshAssertion, type SignInOptions } from './fresh-assertion.ts';
import { keepTokens } from './kept-tokens.ts';
import { managedIdentityCredential } from './managed-identity.ts';
import { metadataSend } from './metadata-send.ts';
import { signInFailure } from './sign-in-failure.ts';
import { type TroubleKeeper, troubleKeeper } from './trouble.ts';

/** Signs in as the service connection; each access token is masked the moment it exists, each refusal is a `Failure`. */
export function credentialFor(connection: ServiceConnection, options: SignInOptions): TokenCredential {
  const trouble = troubleKeeper(connection);
  const inner = innerCredential(connection, options, trouble);
  const asking = {
    async getToken(scopes: string | string[], tokenOptions?: GetTokenOptions): Promise<AccessToken | null> {
      trouble.forget();
      const token = await inner.getToken(scopes, tokenOptions).catch((error: unknown) => {
        throw signInFailure(connection, error, trouble.last());
      });
      if (token) options.mask(token.token);
      return token;
    },
  };
  return keepTokens(asking, options.clock ?? systemClock);
}

function innerCredential(
  connection: ServiceConnection,
  options: SignInOptions,
  trouble: TroubleKeeper,
): TokenCredential {
  const { tenantId, clientId, secret } = connection;
  const clock = options.clock ?? systemClock;
  const settings = () => identityOptions(connection, options, trouble);
  switch (secret.scheme) {
    case 'secret':
      options.mask(secret.clientSecret);
      return new ClientSecretCredential(tenantId, clientId, secret.clientSecret, settings());
    case 'certificate':
    case 'federation': {
      const assertion = onePerExchange(() => trouble.watch(freshAssertion(connection, options)));
      const exchanging = new ClientAssertionCredential(tenantId, clientId, assertion.get, settings());
      return assertion.renewedBy(exchanging);
    }
    case 'managedIdentity':
      return managedIdentityCredential(connection, { send: metadataSend(options.httpClient), clock });
  }
}

/**
 * A new assertion at each exchange, since what proves us lives ten minutes and a rollout for hours; and only one, though
 * MSAL asks for it twice (`acquireTokenByClientCredential`, and again as it builds the client).
 */
function onePerExchange(fresh: () => Promise<string>) {
  let made: Promise<string> | undefined;
  return {
    get: () => {
      made ??= fresh();
      return made;
    },
    renewedBy: (exchanging: TokenCredential): TokenCredential => ({
      getToken(scopes, options) {
        made = undefined;
        return exchanging.getToken(scopes, options);
      },
    }),
  };
}

function identityOptions(connection: ServiceConnection, options: SignInOptions, trouble: TroubleKeeper) {
  const { authority } = connection.cloud;
  const clock = options.clock ?? systemClock;
  return {
    authorityHost: authority,
    // Discovery asks the public cloud about hosts that only the connection's owner knows, and goes to an alias in place of
    // the host that the connection names (China's), for which neither its firewall nor a certificate's assertion is made.
    disableInstanceDiscovery: true,
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
