import type { Answer } from '../core/http.ts';
import type { World } from '../core/world.ts';

/**
 * A refusal of the sign-in service. Codes and sentences:
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export class SignInError extends Error {
  constructor(
    readonly status: 400 | 401,
    readonly error: string,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }

  answer(world: World): Answer {
    const trace = world.newId();
    const correlation = world.newId();
    const timestamp = `${new Date(world.clock.now()).toISOString().slice(0, 19).replace('T', ' ')}Z`;
    return {
      status: this.status,
      body: {
        error: this.error,
        error_description: `AADSTS${this.code}: ${this.message} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
        error_codes: [this.code],
        timestamp,
        trace_id: trace,
        correlation_id: correlation,
        error_uri: `https://login.microsoftonline.com/error?code=${this.code}`,
      },
    };
  }
}

export const unknownTenant = (tenant: string) =>
  new SignInError(
    400,
    'invalid_request',
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  );

export const unknownApplication = (clientId: string, directory: string) =>
  new SignInError(
    400,
    'unauthorized_client',
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${directory}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  );

export const wrongSecret = (clientId: string) =>
  new SignInError(
    401,
    'invalid_client',
    7000215,
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
  );

export const noCredential = () =>
  new SignInError(
    401,
    'invalid_client',
    7000216,
    `'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.`,
  );

export const unsupportedGrant = (grant: string) =>
  new SignInError(400, 'unsupported_grant_type', 70003, `The app requested an unsupported grant type '${grant}'.`);

export const unknownResource = (resource: string, tenant: string) =>
  new SignInError(
    400,
    'invalid_resource',
    500011,
    `The resource principal named ${resource} was not found in the tenant named ${tenant}.`,
  );

export const badScope = (scope: string) =>
  new SignInError(
    400,
    'invalid_scope',
    1002012,
    `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  );

export const badAssertion = () =>
  new SignInError(
    401,
    'invalid_client',
    700027,
    'The certificate with identifier used to sign the client assertion is not registered on application, or the assertion has an invalid signature.',
  );

export const expiredKey = () =>
  new SignInError(
    401,
    'invalid_client',
    700027,
    'Client assertion contains an invalid signature. [Reason - The key used is expired.]',
  );

export const wrongRealm = () =>
  new SignInError(401, 'invalid_client', 700023, 'Client assertion audience claim does not match Realm issuer.');

export const otherApplication = () =>
  new SignInError(
    401,
    'invalid_client',
    700021,
    "Client assertion application identifier doesn't match 'client_id' parameter.",
  );

export const incompleteAssertion = (claim: string) =>
  new SignInError(401, 'invalid_client', 50027, `JWT token is invalid or malformed: it has no ${claim}.`);

export const expiredAssertion = (now: string, from: string, until: string) =>
  new SignInError(
    401,
    'invalid_client',
    700024,
    `Client assertion is not within its valid time range. Current time: ${now}, assertion valid from ${from}, expiry time of assertion ${until}.`,
  );

export const wrongIssuer = (issuer: string) =>
  new SignInError(
    401,
    'invalid_client',
    700211,
    `No matching federated identity record found for presented assertion issuer '${issuer}'.`,
  );

export const wrongSubject = (subject: string) =>
  new SignInError(
    401,
    'invalid_client',
    700213,
    `No matching federated identity record found for presented assertion subject '${subject}'.`,
  );

export const wrongAssertionAudience = (audience: string) =>
  new SignInError(
    401,
    'invalid_client',
    700212,
    `No matching federated identity record found for presented assertion audience '${audience}'.`,
  );

/** A strictness of this simulation, README.md: a client that keeps an assertion instead of asking anew is found out. */
export const reusedAssertion = () =>
  new SignInError(
    401,
    'invalid_client',
    700024,
    'The simulated sign-in service has exchanged this client assertion before: ask for a new one at each exchange.',
  );
