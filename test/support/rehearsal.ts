import { type Clock as InstalledClock, install } from '@sinonjs/fake-timers';
import { type Azure, connect } from '../../tasks/common/azure/connect.ts';
import { systemClock } from '../../tasks/common/clock.ts';
import { type Narrator, narrator } from '../../tasks/common/execute/narrator.ts';
import type { Tools } from '../../tasks/common/execute/rollout-run.ts';
import { testSubscription } from '../azure/compute/builders.ts';
import type { Settings } from '../azure/core/settings.ts';
import {
  createWorld,
  registerPrincipal,
  registerSubscription,
  registerTenant,
  simulatedHttpClient,
  virtualMachines,
  type World,
} from '../azure/index.ts';
import type { VirtualOptions } from '../azure/machines/virtual/options.ts';

/** The simulated Azure with virtual machines on simulated time, and the unmodified SDK signed in to it. */
export interface Rehearsal {
  readonly world: World;
  readonly azure: Azure;
  readonly clock: InstalledClock;
  /** What a task needs, as run `name`, attempt `attempt`; every call makes a process of its own. */
  tools(run?: {
    readonly name?: string;
    readonly attempt?: string;
    readonly cancelled?: AbortSignal;
  }): Tools & { readonly observer: Narrator; readonly lines: readonly string[] };
  /** Lets simulated time run until `work` has ended. */
  play<Result>(work: Promise<Result>): Promise<Result>;
  pass(ms: number): Promise<void>;
  close(): void;
}

const tenantId = '11111111-1111-4111-8111-111111111111';
const clientId = '22222222-2222-4222-8222-222222222222';

export function openRehearsal(settings: Partial<Settings> = {}, machines: VirtualOptions = {}): Rehearsal {
  const clock = install({ now: Date.parse('2026-01-05T09:00:00Z') });
  const world = createWorld({ clock: { now: () => Date.now() }, settings, machines: virtualMachines(machines) });
  registerTenant(world, { id: tenantId, name: 'contoso' });
  registerSubscription(world, { id: testSubscription, name: 'test', tenantId });
  registerPrincipal(world, { tenantId, clientId, secret: 'not a secret' });
  const azure = signIn(world);
  let names = 0;
  return {
    world,
    azure,
    clock,
    tools({ name = 'run-1', attempt = '1.1', cancelled = new AbortController().signal } = {}) {
      const lines: string[] = [];
      const observer = narrator({ line: (text) => void lines.push(text), progress: () => {} }, () => Date.now());
      const newId = () => `${String(++names).padStart(8, '0')}-0000-4000-8000-000000000000`;
      return {
        azure,
        clock: systemClock,
        newId,
        run: { id: name, attempt, name, url: '' },
        cancelled,
        observer,
        lines,
      };
    },
    play: (work) => play(clock, work),
    pass: async (ms) => void (await clock.tickAsync(ms)),
    close: () => clock.uninstall(),
  };
}

function signIn(world: World): Azure {
  const cloud = {
    name: 'AzureCloud',
    resourceManager: 'https://management.azure.com',
    authority: 'https://login.microsoftonline.com',
    audience: 'https://management.azure.com',
  };
  const secret = { scheme: 'secret', clientSecret: 'not a secret' } as const;
  const connection = { id: 'c', name: 'test', tenantId, clientId, subscriptionId: testSubscription, cloud, secret };
  return connect({
    connection,
    network: {},
    mask: () => {},
    userAgent: 'phoenix-scale-sets/test',
    httpClient: simulatedHttpClient(world),
  });
}

async function play<Result>(clock: InstalledClock, work: Promise<Result>): Promise<Result> {
  let ended = false;
  const watched = work.finally(() => {
    ended = true;
  });
  watched.catch(() => {});
  while (!ended) await clock.tickAsync(500);
  return watched;
}
