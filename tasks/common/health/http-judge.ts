import { privateAddresses } from '../azure/private-addresses.ts';
import type { Node } from '../rollout/node.ts';
import { inParallel } from './in-parallel.ts';
import type { Court, Judge } from './judge.ts';
import { type NodeUrl, urlOn } from './node-url.ts';
import { isUp, judged } from './source.ts';

/** A node that has not answered by then is not serving: probes of load balancers are less patient. */
const patienceMs = 5_000;

/** Requests under way at once: a large set is asked within seconds, and an agent's sockets are not used up. */
const atOnce = 32;

/**
 * Asks every node that runs; nobody else's answer counts. 200 is healthy, any other status is not, and no answer at all is
 * unknown, which is not serving either. What a node says beside its status is not read.
 */
export function httpJudge(url: NodeUrl, { azure, set, askStatus }: Court): Judge {
  return {
    close: async () => {},
    async judge(nodes) {
      const addresses = await privateAddresses(azure, set);
      return inParallel(nodes, atOnce, async (node) => {
        const address = addresses.get(node.id);
        if (address === undefined || !isUp(node)) return judged(node, 'unknown');
        return judged(node, healthOf(await askStatus(urlOn(url, address), patienceMs)));
      });
    },
  };
}

const healthOf = (status: number | undefined): Node['health'] =>
  status === undefined ? 'unknown' : status === 200 ? 'healthy' : 'unhealthy';
