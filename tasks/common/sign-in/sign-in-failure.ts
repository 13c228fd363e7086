import { harmlessLine } from '../agent/harmless.ts';
import { Failure } from '../failure.ts';
import { type Cure, networkCure } from '../network/network-cure.ts';
import { type ServiceConnection, schemeNames } from './connection.ts';

/** What Entra ID's refusals mean for the owner of a service connection (codes: learn.microsoft.com/entra/identity-platform/reference-error-codes). */
const cures: Readonly<Record<string, Cure>> = {
  AADSTS7000215: {
    code: 'SecretWrong',
    hint: 'The client secret is wrong: create a new one for the app registration and put its value, not its id, into the service connection.',
  },
  AADSTS7000222: {
    code: 'SecretExpired',
    hint: 'The client secret has expired: create a new one, or convert the connection to workload identity federation.',
  },
  AADSTS700016: {
    code: 'TenantWrong',
    hint: 'The application is not in that tenant: check client id and tenant id of the service connection.',
  },
  AADSTS700023: {
    code: 'TenantWrong',
    hint: 'The assertion was made for another tenant or cloud: check tenant id, environment and sign-in address of the service connection.',
  },
  AADSTS90002: {
    code: 'TenantWrong',
    hint: 'The tenant does not exist in this cloud: check tenant id and environment of the service connection.',
  },
  AADSTS900021: {
    code: 'TenantWrong',
    hint: 'The tenant id is malformed: correct the service connection.',
  },
  AADSTS500011: {
    code: 'TenantWrong',
    hint: 'The resource is unknown in that tenant: check the environment of the service connection.',
  },
  AADSTS50034: {
    code: 'TenantWrong',
    hint: 'The account does not exist in that directory: check the service connection.',
  },
  AADSTS700027: {
    code: 'CertificateNotRegistered',
    hint: 'The certificate of the service connection is not registered on its application, or no longer: upload it under Certificates & secrets, or put the registered one, with its key, into the connection.',
  },
  AADSTS70021: {
    code: 'FederationMismatch',
    hint: 'No federated credential matches: issuer, subject and audience of the app registration must be those that the service connection shows.',
  },
  AADSTS700211: {
    code: 'FederationMismatch',
    hint: 'No federated credential has this issuer: correct it as the service connection shows it.',
  },
  AADSTS700213: {
    code: 'FederationMismatch',
    hint: 'No federated credential has this subject: correct it as the service connection shows it.',
  },
  AADSTS700212: {
    code: 'FederationMismatch',
    hint: 'No federated credential has this audience: it must be api://AzureADTokenExchange.',
  },
  AADSTS700024: {
    code: 'SignInRefused',
    hint: 'The OIDC token or client assertion was not valid at that moment: check the clock of the agent machine.',
  },
  AADSTS53003: {
    code: 'SignInRefused',
    hint: "Conditional access blocks this sign-in: ask the directory's administrators about workload identities.",
  },
  AADSTS90033: {
    code: 'SignInUnavailable',
    hint: 'Microsoft Entra ID is not well at the moment (status.azure.com): run the task again later.',
  },
  AADSTS7000112: {
    code: 'SignInRefused',
    hint: 'The application is disabled: enable it in the directory.',
  },
};

const defaultCure: Cure = {
  code: 'SignInRefused',
  hint: 'Open the service connection in Project settings > Service connections and press Verify.',
};

/** A refused sign-in, with the connection, Entra's code and what to do about it. `trouble` is what lay behind it, if known. */
export function signInFailure(connection: ServiceConnection, error: unknown, trouble?: unknown): Error {
  if (error instanceof Failure) return error;
  const code = /AADSTS\d+/.exec(textOf(error))?.[0];
  const known = [error, trouble].find(
    (one) => one instanceof Failure || (one instanceof Error && one.name === 'AbortError'),
  );
  if (known instanceof Error && code === undefined) return known;
  const who = `Service connection ${connection.name} could not sign in by ${schemeNames[connection.secret.scheme]} at ${connection.cloud.authority}`;
  const network = code === undefined ? (networkCure(trouble) ?? networkCure(error)) : undefined;
  if (network)
    return new Failure(network.code, `${who}: ${harmlessLine(textOf(trouble ?? error), 500)}`, network.hint, {
      cause: error,
    });
  const cure = (code && cures[code]) || defaultCure;
  return new Failure(cure.code, `${who}: ${harmlessLine(essence(textOf(error)), 700)}`, cure.hint, { cause: error });
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Entra's own sentence, which ends in the trace id that its support asks for: without what the sign-in library puts before
 * it and repeats behind it, and without the time stamp.
 */
const essence = (text: string) =>
  text
    .replace(/^.*?(?=AADSTS\d)/s, '')
    .replace(/ - Correlation ID: \S+ - Trace ID: \S+\s*$/, '')
    .replace(/Timestamp: \S+ ?\S*/g, '')
    .replace(/More details:/, '');
