import type { NetworkSettings } from '../common/network/network-settings.ts';
import { proxyUrl } from '../common/packer/environment.ts';
import { noProxy } from '../common/packer/no-proxy.ts';
import type { TempFiles } from '../common/packer/temp-file.ts';
import { trustBundle, trustsByFile } from '../common/packer/trust.ts';
import type { Surroundings } from './surroundings.ts';

/** A file with the machine's authorities and the agent's own, or nothing when the agent has none to add. */
export async function writeTrust({ agent, machine }: Surroundings, files: TempFiles): Promise<string | undefined> {
  const { caPem } = agent.network;
  if (caPem === undefined) return undefined;
  if (trustsByFile(machine.platform))
    return files.write('authorities.pem', await trustBundle(caPem, machine.environment));
  agent.log.warning(
    "Packer takes its certificate authorities from this machine's own store, not from the agent's --sslcacert: add that authority to the store.",
  );
  return undefined;
}

/** Hides the proxy's password in the form that Packer gets, and says what of the agent's settings Packer can't follow. */
export function sayProxy({ agent }: Surroundings): void {
  const { proxy }: NetworkSettings = agent.network;
  if (!proxy) return;
  if (proxy.password !== undefined) agent.mask(new URL(proxyUrl(proxy)).password);
  const { untold } = noProxy(proxy.bypass);
  if (untold.length === 0) return;
  agent.log.warning(
    `Packer uses the agent's proxy, but it knows hosts and no regular expressions: of the agent's bypass list it can't follow ${untold.join(', ')}`,
  );
}
