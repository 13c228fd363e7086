import { systemClock } from '../../tasks/common/clock.ts';
import type { AskStatus } from '../../tasks/common/network/ask-status.ts';
import type { World } from '../azure/index.ts';
import type { ProbeFinding } from '../azure/machines/machines.ts';

/** The way from the agent to a node on simulated time: the machine at the address answers as its application does. */
export const askNode =
  (world: World): AskStatus =>
  async (url, patienceMs) => {
    const { hostname, port, pathname, protocol } = new URL(url);
    const [nic = ''] = [...world.resources.instanceAddresses].find(([, address]) => address === hostname) ?? [];
    const id = nic.replace(/\/networkinterfaces\/.*$/, '');
    const scheme = protocol === 'https:' ? 'https' : 'http';
    const probe = { protocol: scheme, port: Number(port), path: pathname, intervalS: 5, numberOfProbes: 1 } as const;
    const found = await new Promise<ProbeFinding>((done) => world.machines.probe(id, probe, done));
    if (found === 'well' || found === 'sick') return found === 'well' ? 200 : 503;
    await systemClock.sleep(patienceMs);
    return undefined;
  };
