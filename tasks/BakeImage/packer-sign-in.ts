import { byAssertion, identity } from '../common/packer/credentials.ts';
import type { Credentials } from '../common/packer/environment.ts';
import { startOidcBroker } from '../common/packer/oidc-broker.ts';
import type { ServiceConnection } from '../common/sign-in/connection.ts';
import type { Surroundings } from './surroundings.ts';

/** Credentials for the next command: asked anew each time, since a token lives for ten minutes. */
export type CredentialSource = () => Promise<Credentials>;

/** Lends the connection's credentials to the body; what was opened for it is closed when the body has ended. */
export async function withCredentials<T>(
  connection: ServiceConnection,
  around: Surroundings,
  body: (credentials: CredentialSource) => Promise<T>,
): Promise<T> {
  const common = identity(connection);
  const { secret } = connection;
  switch (secret.scheme) {
    case 'secret':
      return body(async () => ({ ...common, client_secret: secret.clientSecret }));
    case 'managedIdentity':
      return body(async () => common);
    case 'certificate':
    case 'federation':
      return withAssertions(common, around, body);
  }
}

/** A certificate's assertion is handed on as the pipeline's OIDC token is: to the Azure plugin they are the same. */
async function withAssertions<T>(
  common: Credentials,
  { agent, freshAssertion }: Surroundings,
  body: (credentials: CredentialSource) => Promise<T>,
): Promise<T> {
  const maskedToken = async () => {
    const token = await freshAssertion();
    agent.mask(token);
    return token;
  };
  const broker = await startOidcBroker(maskedToken, agent.log.warning);
  agent.mask(broker.token);
  const credentials = async () => ({
    ...common,
    ...byAssertion({ jwt: await maskedToken(), brokerUrl: broker.url, brokerToken: broker.token }),
  });
  return body(credentials).finally(() => broker.close());
}
