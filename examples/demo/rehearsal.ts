import { randomUUID } from 'node:crypto';
import { poolMembers } from '../../test/azure/compute/pools.ts';
import {
  createWorld,
  type Directory,
  type RunningAzure,
  registerAllJobs,
  registerDirectory,
  registerServiceConnection,
  startAzure,
  type World,
} from '../../test/azure/index.ts';
import { type LoadBalancer, openLoadBalancer } from '../../test/azure/machines/real/load-balancer.ts';
import { openRealMachines } from '../../test/azure/machines/real/real-machines.ts';
import type { ServiceConnection } from '../../test/pipeline/play.ts';
import { federatedConnection } from '../../test/support/federated-connection.ts';
import { appPort, type Ids, ids, probe } from './infrastructure.ts';

/** Azure and Azure DevOps on this machine, with real machines behind them and a service connection between them. */
export interface Rehearsal {
  readonly world: World;
  readonly azure: RunningAzure;
  readonly directory: Directory;
  readonly at: Ids;
  readonly connection: ServiceConnection;
  /** The job access token with which tasks ask for OIDC tokens. */
  readonly accessToken: string;
  /** Starts to carry what comes to the balancer's address to the nodes in its pool. */
  openBalancer(): Promise<LoadBalancer>;
  close(): Promise<void>;
}

export const collectionUri = 'https://dev.azure.com/phoenix-demo/';

/** Azure tells clients to poll every second or so, and to replicate at once: a demo is short. */
const settings = { retryAfterS: 1, replicationMs: 3_000 };

export async function startRehearsal(): Promise<Rehearsal> {
  const host = await openRealMachines();
  const world = createWorld({ clock: { now: () => Date.now() }, machines: host.machines, settings });
  const directory = registerDirectory(world);
  const at = ids(directory.subscriptionId);
  const connection = federatedConnection(randomUUID(), 'shop-azure', directory);
  // Packer 1.6 wants a token with an x5t header, which connections made before November 2025 have.
  registerServiceConnection(world, connection.id, directory.clientId, 'before2025');
  const accessToken = randomUUID();
  registerAllJobs(world, { collectionUri, connectionIds: [connection.id], accessToken });
  const azure = await startAzure({ world });
  const balancers: LoadBalancer[] = [];
  return {
    world,
    azure,
    directory,
    at,
    connection,
    accessToken,
    async openBalancer() {
      const addresses = new Map<string, string>();
      const balancer = await openLoadBalancer({ members: () => members(world, at, addresses), probe });
      balancers.push(balancer);
      return balancer;
    },
    async close() {
      await Promise.all(balancers.map((balancer) => balancer.close()));
      await azure.close();
      await host.close();
    },
  };
}

/** A node is a member of the pool as long as it exists, switched on or not: who gets traffic is the probe's decision. */
function members(world: World, at: Ids, addresses: Map<string, string>) {
  return poolMembers(world, at.pool).flatMap(({ machineId, adminState }) => {
    const host = world.machines.address(machineId) ?? addresses.get(machineId);
    if (host === undefined) return [];
    addresses.set(machineId, host);
    return [{ id: machineId, host, port: appPort, adminState }];
  });
}
