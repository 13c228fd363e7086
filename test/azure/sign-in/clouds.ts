/** One of Azure's separate clouds: who signs in there, and what a token may be asked for. */
export interface Cloud {
  /** As a service connection names it. */
  readonly name: string;
  readonly resourceManager: string;
  readonly loginHosts: readonly string[];
  /** Names of Resource Manager in a token, without the slash at the end that each may have. */
  readonly audiences: readonly string[];
  /** What else its clients ask tokens for. */
  readonly resources: readonly string[];
}

/** Endpoints: the clouds that Azure CLI prints with `az cloud list`. The last resource is Azure DevOps. */
const clouds: readonly Cloud[] = [
  {
    name: 'AzureCloud',
    resourceManager: 'management.azure.com',
    loginHosts: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com'],
    audiences: ['https://management.core.windows.net', 'https://management.azure.com'],
    resources: [
      'https://vault.azure.net',
      'https://graph.microsoft.com',
      'https://graph.windows.net',
      '499b84ac-1321-427f-aa17-267ca6975798',
    ],
  },
  {
    name: 'AzureUSGovernment',
    resourceManager: 'management.usgovcloudapi.net',
    loginHosts: ['login.microsoftonline.us'],
    audiences: ['https://management.core.usgovcloudapi.net', 'https://management.usgovcloudapi.net'],
    resources: ['https://vault.usgovcloudapi.net', 'https://graph.microsoft.us'],
  },
  {
    name: 'AzureChinaCloud',
    resourceManager: 'management.chinacloudapi.cn',
    loginHosts: ['login.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
    audiences: ['https://management.core.chinacloudapi.cn', 'https://management.chinacloudapi.cn'],
    resources: ['https://vault.azure.cn', 'https://microsoftgraph.chinacloudapi.cn'],
  },
];

/** The cloud that a host of Resource Manager or of the sign-in service belongs to. */
export const cloudOf = (host: string): Cloud | undefined =>
  clouds.find(({ resourceManager, loginHosts }) => resourceManager === host || loginHosts.includes(host));

export const cloudNamed = (name: string): Cloud | undefined => clouds.find((cloud) => cloud.name === name);

/** Does a token for this mean anything in that cloud? */
export const knowsResource = (cloud: Cloud | undefined, audience: string): boolean =>
  [...(cloud?.audiences ?? []), ...(cloud?.resources ?? [])].includes(audience.replace(/\/$/, ''));

export const isResourceManager = (host: string): boolean => clouds.some((cloud) => cloud.resourceManager === host);

/** Every host of every cloud. */
export const cloudHosts: readonly string[] = clouds.flatMap((cloud) => [cloud.resourceManager, ...cloud.loginHosts]);
