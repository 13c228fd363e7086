/** How this agent reaches the network, from the agent's own configuration and never from HTTPS_PROXY. */
export interface NetworkSettings {
  readonly proxy?: ProxySettings;
  /** PEM text of the certificate authority that the agent was configured with, added to the well-known ones. */
  readonly caPem?: string;
}

export interface ProxySettings {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** Regular expressions of hosts that are reached directly, as the agent stores them. */
  readonly bypass: readonly string[];
}
