import type { Fleet, Look, Start } from '../../tasks/common/execute/fleet.ts';
import type { Node } from '../../tasks/common/rollout/node.ts';
import { Bucket } from './bucket.ts';
import { type Concurrency, type Size, zones } from './cases.ts';
import { diskMs, healthyMs } from './draws.ts';

export interface Calls {
  list: number;
  read: number;
  write: number;
  poll: number;
  throttled: number;
}

export interface ModelFleet extends Fleet {
  readonly calls: Readonly<Calls>;
}

export const target = '/images/2.0.0';

interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** As the simulated Azure has them by default: a write is followed once, as soon as its Retry-After allows. */
const setWriteMs = 10_000;
const startConflictMs = 2_000;

/** An upgrade call that Azure has accepted. */
interface Open {
  readonly startedAt: number;
  readonly endsAt: number;
  readonly polls: Bucket;
}

/**
 * A scale set as the loop sees it, reduced to what a schedule depends on: how long nodes take, which calls Azure takes
 * beside each other, and the buckets of one set, from which each call takes its token (compute-throttling-limits).
 */
export function modelFleet(
  times: readonly number[],
  { page }: Size,
  concurrency: Concurrency,
  clock: Clock,
): ModelFleet {
  const calls: Calls = { list: 0, read: 0, write: 0, poll: 0, throttled: 0 };
  const buckets = { list: new Bucket(10, 30), read: new Bucket(12, 36), write: new Bucket(4, 12) };
  const nodes = times.map((_, index) => oldNode(index));
  const pages = Math.ceil(times.length / page);
  const underWay = new Map<number, number>();
  let open: readonly Open[] = [];

  function take(kind: Exclude<keyof Calls, 'throttled'>, bucket: Bucket): void {
    calls[kind] += 1;
    if (!bucket.take(clock.now())) calls.throttled += 1;
  }

  /** Read, write, follow the operation to its end, and read again. */
  async function writeSet(): Promise<void> {
    take('read', buckets.read);
    take('write', buckets.write);
    await clock.sleep(setWriteMs);
    calls.poll += 1;
    take('read', buckets.read);
  }

  const once = (act: () => Promise<void>, again = () => {}) => {
    let done = false;
    return async () => {
      if (done) return again();
      await act();
      done = true;
    };
  };

  return {
    calls,
    hold: once(writeSet, () => take('read', buckets.read)),
    aim: once(writeSet),
    unprotect: async (nodeIds) => nodeIds,
    async pass() {},
    async close() {},
    gone: async () => [],
    async startReplacement(nodeIds): Promise<Start> {
      take('write', buckets.write);
      const now = clock.now();
      if (!open.every((call) => maySecondStart(concurrency, call, now))) return 'busy';
      const indexes = nodeIds.map(Number);
      for (const index of indexes) underWay.set(index, now);
      const endsAt = now + Math.max(...indexes.map((index) => diskMs(times[index] ?? 0)));
      open = [...open, { startedAt: now, endsAt, polls: new Bucket(15, 45) }];
      return 'accepted';
    },
    async look(): Promise<Look> {
      const now = clock.now();
      for (let read = 0; read < pages; read += 1) take('list', buckets.list);
      for (const { polls } of open) take('poll', polls);
      open = open.filter(({ endsAt }) => endsAt > now);
      for (const [index, startedAt] of underWay) {
        const node = replacedNode(index, startedAt, now, times[index] ?? 0);
        nodes[index] = node;
        if (node.health === 'healthy') underWay.delete(index);
      }
      return { nodes: [...nodes], problems: new Map(), pages };
    },
  };
}

function maySecondStart(concurrency: Concurrency, { startedAt, endsAt }: Open, now: number): boolean {
  switch (concurrency) {
    case 'overlap':
      return true;
    case 'startConflict':
      return now - startedAt >= startConflictMs;
    case 'exclusive':
      return endsAt <= now;
  }
}

const oldNode = (index: number): Node => ({
  id: String(index),
  name: `shop_${index}`,
  zone: zones[index % zones.length] ?? '',
  faultDomain: '',
  image: '/images/1.0.0',
  provisioning: 'succeeded',
  running: true,
  health: 'healthy',
  protected: false,
  leaveOut: false,
  problem: '',
});

/** A node after its upgrade was accepted. */
function replacedNode(index: number, startedAt: number, now: number, time: number): Node {
  const node = { ...oldNode(index), image: target };
  const healthTime = startedAt + healthyMs(time);
  if (now < startedAt + diskMs(time)) return { ...node, provisioning: 'working', running: false, health: 'unknown' };
  return now < healthTime ? { ...node, health: 'initializing' } : { ...node, healthTime };
}
