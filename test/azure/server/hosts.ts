import { cloudHosts } from '../sign-in/clouds.ts';

/** Host names that the simulated Azure speaks for; `handle` finds the service by them. */
const known = [...cloudHosts, 'dev.azure.com', 'vstoken.dev.azure.com'];

/** Is this host simulated? `more` adds the host of a collection, for example of an Azure DevOps Server. */
export function isSimulated(host: string, more: readonly string[] = []): boolean {
  return known.includes(host) || more.includes(host);
}
