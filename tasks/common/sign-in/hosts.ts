/** Hosts of Azure DevOps Services that hand out OIDC tokens, beside the collection's own, with their sub-hosts (pipelines.md §7). */
export const wellKnownPipelineHosts = ['dev.azure.com', 'vstoken.dev.azure.com'] as const;

/** Sign-in hosts that Microsoft's instance discovery knows; any other is taken from the connection as it stands. */
export const wellKnownSignInHosts = [
  'login.microsoftonline.com',
  'login.windows.net',
  'login.microsoft.com',
  'login.microsoftonline.us',
  'login.usgovcloudapi.net',
  'login.chinacloudapi.cn',
  'login.partner.microsoftonline.cn',
] as const;
