import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { Backend, type BackendStats } from './load-balancer-backend.ts';

/** Who may receive connections: what the scale set's backend pool holds at this moment. */
export interface Member {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  /** `Up` and `Down` count before the probe (admin-state-overview); what is established stays either way. */
  readonly adminState?: 'None' | 'Up' | 'Down';
}

export interface BalancerProbe {
  readonly protocol: 'http' | 'https' | 'tcp';
  /** Where the probe asks; the member's own port when it is not given. */
  readonly port?: number;
  readonly path: string;
  readonly intervalMs: number;
  /** So many equal answers in a row turn a member up or down. */
  readonly numberOfProbes: number;
}

export interface LoadBalancerOptions {
  /** Port on 127.0.0.1; any free one when it is not given. */
  readonly port?: number;
  readonly members: () => readonly Member[];
  /** How often the list of members is read. */
  readonly membersMs?: number;
  readonly probe: BalancerProbe;
}

export interface LoadBalancerStats {
  /** Connections that nobody could take: no member was up. They are reset. */
  readonly unserved: number;
  readonly members: readonly BackendStats[];
}

export interface LoadBalancer {
  readonly port: number;
  stats(): LoadBalancerStats;
  /** Resets what is open and stops listening. */
  close(): Promise<void>;
}

/**
 * A TCP balancer that behaves like Azure's Standard one where a rollout can feel it: new connections go to members whose
 * probe is up, in turn; a probe that goes down leaves established connections alone; a member that leaves the pool
 * takes its connections with it (load-balancer-custom-probe-overview, "Probe down behavior").
 */
export async function openLoadBalancer(options: LoadBalancerOptions): Promise<LoadBalancer> {
  const balancer = new Balancer(options);
  try {
    await balancer.listen(options.port ?? 0);
  } catch (error) {
    await balancer.close();
    throw error;
  }
  return balancer;
}

class Balancer implements LoadBalancer {
  readonly #options: LoadBalancerOptions;
  readonly #server: Server;
  readonly #refresh: NodeJS.Timeout;
  /** In the order of joining; the next in turn stands first. */
  #backends: Backend[] = [];
  /** Members that have left, with their counts. */
  readonly #former: BackendStats[] = [];
  #unserved = 0;

  constructor(options: LoadBalancerOptions) {
    this.#options = options;
    // Half-open: a client that has said all it wants still gets its answer.
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#take(client));
    this.#refresh = setInterval(() => this.#readMembers(), options.membersMs ?? 200);
    this.#readMembers();
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) =>
        reject(new Error(`The load balancer cannot listen on 127.0.0.1:${port}: ${error.message}`)),
      );
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  stats(): LoadBalancerStats {
    const members = [...this.#former, ...this.#backends.map((backend) => backend.stats)];
    return { unserved: this.#unserved, members: members.toSorted((a, b) => a.id.localeCompare(b.id)) };
  }

  async close(): Promise<void> {
    clearInterval(this.#refresh);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const backend of this.#backends) this.#dismiss(backend);
    this.#backends = [];
    await closed;
  }

  #readMembers(): void {
    const members = this.#options.members();
    const stays = (backend: Backend) => members.some((member) => backend.is(member));
    for (const backend of this.#backends.filter((known) => !stays(known))) this.#dismiss(backend);
    const kept = this.#backends.filter(stays);
    for (const backend of kept) backend.obey(members.find((member) => backend.is(member))?.adminState);
    const joined = members.filter((member) => !kept.some((backend) => backend.is(member)));
    this.#backends = [...kept, ...joined.map((member) => new Backend(member, this.#options.probe))];
  }

  #dismiss(backend: Backend): void {
    backend.leave();
    this.#former.push(backend.stats);
  }

  /** The first in turn whose probe is up gets the connection and goes to the end of the queue. */
  #take(client: Socket): void {
    const chosen = this.#backends.find((backend) => backend.isUp);
    if (!chosen) {
      this.#unserved += 1;
      client.on('error', () => {}); // It is being thrown away.
      client.resetAndDestroy();
      return;
    }
    this.#backends = [...this.#backends.filter((backend) => backend !== chosen), chosen];
    chosen.carry(client);
  }
}
