/** Hosts of Azure DevOps Services that hand out OIDC tokens, beside the collection's own, with their sub-hosts (pipelines.md §7). */
export const wellKnownPipelineHosts = ['dev.azure.com', 'vstoken.dev.azure.com'] as const;
