import { connect, type Socket } from 'node:net';
import type { BalancerProbe, Member } from './load-balancer.ts';
import { probeRepeatedly, Streak } from './probe.ts';

/** What a member has carried so far. */
export interface BackendStats {
  readonly id: string;
  readonly up: boolean;
  /** Connections handed to it, refused ones included. */
  readonly connections: number;
  readonly open: number;
  /** Established connections that ended in a reset, by the member or because it left the pool. */
  readonly resets: number;
  /** Connections that it did not accept. */
  readonly refused: number;
}

/** A SYN without an answer: Linux repeats it after one and three seconds; then the client is told. */
const connectMs = 5000;

/** One member of the pool with its probe and its connections. */
export class Backend {
  readonly #pairs = new Set<Pair>();
  readonly #stopProbing: () => void;
  #up = false;
  #adminState: Member['adminState'];
  #connections = 0;
  #resets = 0;
  #refused = 0;

  constructor(
    private readonly member: Member,
    probe: BalancerProbe,
  ) {
    this.#adminState = member.adminState;
    const streak = new Streak(probe.numberOfProbes);
    const target = { protocol: probe.protocol, host: member.host, port: probe.port ?? member.port, path: probe.path };
    this.#stopProbing = probeRepeatedly({ ...target, timeoutMs: probe.intervalMs }, probe.intervalMs, (up) => {
      this.#up = streak.add(up) ?? false;
    });
  }

  get isUp(): boolean {
    if (this.#adminState === 'Up' || this.#adminState === 'Down') return this.#adminState === 'Up';
    return this.#up;
  }

  obey(adminState: Member['adminState']): void {
    this.#adminState = adminState;
  }

  get stats(): BackendStats {
    const counts = {
      connections: this.#connections,
      open: this.#pairs.size,
      resets: this.#resets,
      refused: this.#refused,
    };
    return { id: this.member.id, up: this.isUp, ...counts };
  }

  is({ id, host, port }: Member): boolean {
    return this.member.id === id && this.member.host === host && this.member.port === port;
  }

  carry(client: Socket): void {
    this.#connections += 1;
    const pair = new Pair(client, this.member, (outcome) => {
      this.#pairs.delete(pair);
      if (outcome === 'reset') this.#resets += 1;
      if (outcome === 'refused') this.#refused += 1;
    });
    this.#pairs.add(pair);
  }

  /** Its network is gone: whoever still talks to it hears a reset. */
  leave(): void {
    this.#stopProbing();
    this.#up = false;
    this.#adminState = 'None';
    for (const pair of [...this.#pairs]) pair.reset();
  }
}

type Outcome = 'ended' | 'reset' | 'refused';

/** A client's connection and the one that carries it to a member. */
class Pair {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #onEnd: (outcome: Outcome) => void;
  #established = false;
  #over = false;

  constructor(client: Socket, { host, port }: Member, onEnd: (outcome: Outcome) => void) {
    this.#client = client;
    this.#onEnd = onEnd;
    this.#server = connect({ host, port, allowHalfOpen: true, noDelay: true });
    client.setNoDelay(true);
    this.#watch();
    this.#server.pipe(client);
    client.pipe(this.#server);
  }

  /** The connection breaks for both sides, by what the network does. */
  reset(): void {
    this.#end(this.#established ? 'reset' : 'refused');
  }

  #watch(): void {
    const limit = setTimeout(() => this.reset(), connectMs);
    this.#server.on('connect', () => {
      this.#established = true;
      clearTimeout(limit);
    });
    this.#server.on('error', () => this.reset());
    this.#server.on('close', () => {
      clearTimeout(limit);
      if (this.#client.closed) this.#end('ended');
    });
    // A client that breaks off is its own affair: the member hears of it, nobody counts it.
    this.#client.on('error', () => this.#end('ended'));
    this.#client.on('close', () => {
      if (this.#server.closed || this.#server.destroyed) this.#end('ended');
    });
  }

  #end(outcome: Outcome): void {
    if (this.#over) return;
    this.#over = true;
    for (const socket of [this.#client, this.#server]) if (!socket.destroyed) socket.resetAndDestroy();
    this.#onEnd(outcome);
  }
}
