/** The addresses of a cloud, as a service connection of today has them. */
export interface CloudAddresses {
  readonly environment: string;
  readonly resourceManager: string;
  readonly authority: string;
  readonly audience: string;
}

export const publicCloud: CloudAddresses = {
  environment: 'AzureCloud',
  resourceManager: 'https://management.azure.com/',
  authority: 'https://login.microsoftonline.com/',
  audience: 'https://management.core.windows.net/',
};

export const usGovernment: CloudAddresses = {
  environment: 'AzureUSGovernment',
  resourceManager: 'https://management.usgovcloudapi.net/',
  authority: 'https://login.microsoftonline.us/',
  audience: 'https://management.core.usgovcloudapi.net/',
};

export const china: CloudAddresses = {
  environment: 'AzureChinaCloud',
  resourceManager: 'https://management.chinacloudapi.cn/',
  authority: 'https://login.chinacloudapi.cn/',
  audience: 'https://management.core.chinacloudapi.cn/',
};
