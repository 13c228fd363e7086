/** An AzureRM service connection, read from the agent once and plain data from then on (pipelines.md §6). */
export interface ServiceConnection {
  readonly id: string;
  readonly name: string;
  /** Empty for a managed identity whose connection does not say it: nobody needs it there. */
  readonly tenantId: string;
  /** Empty for the system-assigned identity of the agent's machine. */
  readonly clientId: string;
  readonly subscriptionId: string;
  readonly cloud: Cloud;
  readonly secret: SignInSecret;
}

export interface Cloud {
  /** `AzureCloud`, `AzureUSGovernment`, `AzureChinaCloud`, … as the connection names it. */
  readonly name: string;
  /** Resource Manager, for example `https://management.azure.com`; no slash at the end. */
  readonly resourceManager: string;
  /** Sign-in, for example `https://login.microsoftonline.com`; no slash at the end. */
  readonly authority: string;
  /** What a token is asked for; `/.default` is added. */
  readonly audience: string;
}

/** How the connection proves who it is. */
export type SignInSecret =
  | { readonly scheme: 'secret'; readonly clientSecret: string }
  /** PEM text with the certificate and its private key. */
  | { readonly scheme: 'certificate'; readonly pem: string }
  | { readonly scheme: 'federation'; readonly oidc: OidcEndpoint }
  /** The machine that the agent runs on is an Azure VM and vouches for itself. */
  | { readonly scheme: 'managedIdentity' };

export type Scheme = SignInSecret['scheme'];

/** Where the pipeline service hands out a fresh OIDC token for a connection. */
export interface OidcEndpoint {
  /** `System.OidcRequestUri` with api-version and connection id. */
  readonly requestUrl: string;
  /** The job's own token (`SystemVssConnection`). */
  readonly accessToken: string;
  /** The host of the run's own collection (`System.CollectionUri`), when the agent gives it. */
  readonly collectionHost?: string;
}

/** The schemes as Project settings > Service connections call them. */
export const schemeNames: Readonly<Record<Scheme, string>> = {
  secret: 'service principal with a secret',
  certificate: 'service principal with a certificate',
  federation: 'workload identity federation',
  managedIdentity: 'managed identity',
};
