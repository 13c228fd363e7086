import { systemClock } from '../../tasks/common/clock.ts';
import type { AskStatus } from '../../tasks/common/network/ask-status.ts';
import type { World } from '../azure/index.ts';
import type { ProbeFinding } from '../azure/machines/machines.ts';

/** The way from the agent to a node on simulated time: the machine at the address answers as its application does. */
export const askNode =
  (world: World): AskStatus =>
  async (url, patienceMs) => {
    const { hostname, port, pathname, protocol } = new URL(url);
    // An address that a deleted machine had is given out again.
    const machines = [...world.resources.instanceAddresses]
      .filter(([, address]) => address === hostname)
      .map(machineOf);
    const id = machines.find((one) => world.compute.instances.has(one)) ?? '';
    const scheme = protocol === 'https:' ? 'https' : 'http';
    const probe = { protocol: scheme, port: Number(port), path: pathname, intervalS: 5, numberOfProbes: 1 } as const;
    const found = await new Promise<ProbeFinding>((done) => world.machines.probe(id, probe, done));
    if (found === 'well' || found === 'sick') return found === 'well' ? 200 : 503;
    await systemClock.sleep(patienceMs);
    return undefined;
  };

const machineOf = ([nic]: readonly [string, string]) => nic.replace(/\/networkinterfaces\/.*$/, '');
