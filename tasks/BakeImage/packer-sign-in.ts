import { federated, identity } from '../common/packer/credentials.ts';
import type { Credentials } from '../common/packer/environment.ts';
import { startOidcBroker } from '../common/packer/oidc-broker.ts';
import type { ServiceConnection } from '../common/sign-in/connection.ts';
import type { Surroundings } from './surroundings.ts';

/** Credentials for the next command: asked anew each time, since a token lives for ten minutes. */
export type CredentialSource = () => Promise<Credentials>;

/** Lends the connection's credentials to the body; what was opened for it is closed when the body has ended. */
export async function withCredentials<T>(
  connection: ServiceConnection,
  { agent, freshToken }: Surroundings,
  body: (credentials: CredentialSource) => Promise<T>,
): Promise<T> {
  const common = identity(connection);
  if (connection.secret.scheme === 'secret') {
    const { clientSecret } = connection.secret;
    return body(async () => ({ ...common, client_secret: clientSecret }));
  }
  const maskedToken = async () => {
    const token = await freshToken();
    agent.mask(token);
    return token;
  };
  const broker = await startOidcBroker(maskedToken, agent.log.warning);
  agent.mask(broker.token);
  const credentials = async () => ({
    ...common,
    ...federated({ jwt: await maskedToken(), brokerUrl: broker.url, brokerToken: broker.token }),
  });
  return body(credentials).finally(() => broker.close());
}
