/** What is known about a cloud when the connection does not say it (pipelines.md §6). */
export interface CloudDefaults {
  readonly resourceManager: string;
  readonly authority: string;
}

/** By the environment name of the connection, in lower case. Azure Stack has none: its addresses are its owner's. */
export const cloudDefaults: Readonly<Record<string, CloudDefaults>> = {
  azurecloud: { resourceManager: 'https://management.azure.com', authority: 'https://login.microsoftonline.com' },
  azureusgovernment: {
    resourceManager: 'https://management.usgovcloudapi.net',
    authority: 'https://login.microsoftonline.us',
  },
  azurechinacloud: {
    resourceManager: 'https://management.chinacloudapi.cn',
    authority: 'https://login.chinacloudapi.cn',
  },
};
