/** An AzureRM service connection, read from the agent once and plain data from then on (pipelines.md §6). */
export interface ServiceConnection {
  readonly id: string;
  readonly name: string;
  readonly tenantId: string;
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

/** How the connection proves who it is. Certificates and managed identities get their place here. */
export type SignInSecret =
  | { readonly scheme: 'secret'; readonly clientSecret: string }
  | { readonly scheme: 'federation'; readonly oidc: OidcEndpoint };

/** Where the pipeline service hands out a fresh OIDC token for a connection. */
export interface OidcEndpoint {
  /** `System.OidcRequestUri` with api-version and connection id. */
  readonly requestUrl: string;
  /** The job's own token (`SystemVssConnection`). */
  readonly accessToken: string;
  /** The host of the run's own collection (`System.CollectionUri`), when the agent gives it. */
  readonly collectionHost?: string;
}
