/** What is known about a cloud when the connection does not say it (pipelines.md §6). */
export interface CloudDefaults {
  readonly name: string;
  readonly resourceManager: string;
  readonly authority: string;
}

/** Azure Stack is not here: its addresses are its owner's. Nor is Germany, which was closed in 2021. */
const clouds: readonly CloudDefaults[] = [
  {
    name: 'AzureCloud',
    resourceManager: 'https://management.azure.com',
    authority: 'https://login.microsoftonline.com',
  },
  {
    name: 'AzureUSGovernment',
    resourceManager: 'https://management.usgovcloudapi.net',
    authority: 'https://login.microsoftonline.us',
  },
  {
    name: 'AzureChinaCloud',
    resourceManager: 'https://management.chinacloudapi.cn',
    authority: 'https://login.chinacloudapi.cn',
  },
];

/** By the environment of a connection, in any case; undefined for one that we don't know. */
export const cloudNamed = (environment: string): CloudDefaults | undefined =>
  clouds.find(({ name }) => name.toLowerCase() === environment.toLowerCase());

/** Connections made before there were several clouds name none: their Resource Manager tells, and the public cloud is the rest. */
export const cloudOfAddress = (resourceManager: string | undefined): string =>
  clouds.find((cloud) => cloud.resourceManager === resourceManager?.replace(/\/+$/, '').toLowerCase())?.name ??
  'AzureCloud';
