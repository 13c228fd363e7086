import { Failure } from '../failure.ts';

/** Runs something that throws a Failure where it refuses. */
export type Check = (look: () => unknown) => Promise<void>;

/** A rollout: the first refusal ends it. */
export const stopAtFirst: Check = async (look) => void (await look());

/** Nobody let us in, nothing sensible was answered, or nobody waits any more: that says nothing about the plan. */
const noAnswer: ReadonlySet<string> = new Set([
  ...['Throttled', 'NodeBusy', 'AzureUnavailable', 'Cancelled'],
  ...['NetworkUnreachable', 'HostNotFound', 'ConnectionBroken', 'SecureConnectionFailed', 'CertificateNotTrusted'],
  ...['ProxyUnreachable', 'ProxyBlocked', 'ProxyRefused', 'NotHttps'],
  ...['AnswerNotJson', 'AnswerTooLarge', 'AnswerBrokeOff', 'AnswerUnreadable'],
  ...['SecretWrong', 'SecretExpired', 'CertificateNotRegistered', 'FederationMismatch', 'TenantWrong'],
  ...['SignInRefused', 'SignInUnavailable', 'OidcRefused', 'OidcUnavailable', 'OidcUnreachable', 'OidcHostRefused'],
  ...['NoMetadataService', 'ManagedIdentityRefused', 'ManagedIdentityUnavailable', 'CertificateUnusable'],
]);

/** A dry run: refusals are gathered, so that one look shows all that is to be done. */
export function gatherRefusals(): { readonly refusals: readonly Failure[]; readonly check: Check } {
  const refusals: Failure[] = [];
  return {
    refusals,
    async check(look) {
      try {
        await look();
      } catch (error) {
        if (!(error instanceof Failure) || noAnswer.has(error.code)) throw error;
        refusals.push(error);
      }
    },
  };
}
