import assert from 'node:assert/strict';
import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';
import type { Clock as InstalledClock } from '@sinonjs/fake-timers';
import { type Azure, connect } from '../../tasks/common/azure/connect.ts';
import { systemClock } from '../../tasks/common/clock.ts';
import { askRunOf } from '../../tasks/common/devops/ask-run.ts';
import type { PipelineService } from '../../tasks/common/devops/run-state.ts';
import type { Left } from '../../tasks/common/execute/ending/handover.ts';
import { type Narrator, narrator } from '../../tasks/common/execute/narrator.ts';
import type { Tools } from '../../tasks/common/execute/rollout-plan.ts';
import { oidcSend } from '../../tasks/common/sign-in/oidc-send.ts';
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
import { play, requireInstalled } from '../azure/play.ts';
import { askNode } from './ask-node.ts';
import { fakeTime } from './fake-time.ts';

/** The simulated Azure with virtual machines on simulated time, and the unmodified SDK signed in to it. */
export interface Rehearsal {
  readonly world: World;
  readonly clock: InstalledClock;
  /** What a task needs; every call makes a process of its own. */
  tools(process?: Process): ProcessTools;
  /** Lets simulated time run until `work` has ended. */
  play<Result>(work: Promise<Result>): Promise<Result>;
  pass(ms: number): Promise<void>;
  /** An error when something is still played. */
  close(): void;
}

/** One execution of a task: the run and attempt that it belongs to, and when it is killed. */
export interface Process {
  readonly run?: string;
  readonly attempt?: string;
  readonly cancelled?: AbortSignal;
  readonly dies?: Death;
  /** What the agent keeps for the step that this process belongs to: its post-job step is given the same. */
  readonly memory?: { left?: Left | undefined };
  /** Kills it at once, whatever it is doing. */
  readonly killed?: AbortSignal;
  /** By which the process asks about other runs; absent, the agent gives it no token. */
  readonly service?: PipelineService;
}

/**
 * The process is killed as it makes this ARM call: the one with this number (from 1), or the first one like
 * `PUT …/runCommands/`. Its effect is applied or not.
 */
export type Death = ({ readonly atCall: number } | { readonly onCall: string }) & { readonly applied: boolean };

export interface ProcessTools extends Tools {
  readonly observer: Narrator;
  readonly lines: readonly string[];
  /** Resolves when the process is killed. */
  readonly died: Promise<'died'>;
  /** ARM calls made so far. */
  calls(): number;
  /** What was left for the post-job step. */
  readonly memory: { left?: Left | undefined };
  /** The process is gone: what it still waits for never comes. */
  end(): void;
}

const tenantId = '11111111-1111-4111-8111-111111111111';
const clientId = '22222222-2222-4222-8222-222222222222';

export function openRehearsal(settings: Partial<Settings> = {}, machines: VirtualOptions = {}): Rehearsal {
  const clock = fakeTime('2026-01-05T09:00:00Z');
  const world = createWorld({ clock: { now: () => systemClock.now() }, settings, machines: virtualMachines(machines) });
  registerTenant(world, { id: tenantId, name: 'contoso' });
  registerSubscription(world, { id: testSubscription, name: 'test', tenantId });
  registerPrincipal(world, { tenantId, clientId, secret: 'not a secret' });
  let [names, playing] = [0, 0];
  const newId = () => `${String(++names).padStart(8, '0')}-0000-4000-8000-000000000000`;
  return {
    world,
    clock,
    tools: (process = {}) => processTools(world, newId, process),
    async play(work) {
      playing += 1;
      return play(clock, work).finally(() => {
        playing -= 1;
      });
    },
    async pass(ms) {
      requireInstalled(clock);
      await clock.tickAsync(ms);
    },
    close() {
      clock.uninstall();
      assert.equal(playing, 0, 'a test ends while it still plays something: is it a process that was killed?');
    },
  };
}

function processTools(world: World, newId: () => string, process: Process): ProcessTools {
  const { run = 'run-1', attempt = '1.1', cancelled = new AbortController().signal, memory = {} } = process;
  const lines: string[] = [];
  const mortal = mortalClient(simulatedHttpClient(world), process);
  const send = oidcSend({}, mortal.client);
  return {
    azure: signIn(mortal.client, cancelled),
    askStatus: askNode(world),
    clock: systemClock,
    newId,
    run: { id: run, attempt, name: run, url: '' },
    cancelled,
    askRun: askRunOf({ service: process.service, send, clock: systemClock, cancelled }),
    observer: narrator({ line: (text) => void lines.push(text), progress: () => {} }, () => systemClock.now()),
    leave: (left) => {
      memory.left = left;
    },
    lines,
    died: mortal.died,
    calls: mortal.calls,
    memory,
    end: mortal.end,
  };
}

/** A dead process neither hears an answer nor asks again: its calls never return. */
function mortalClient(client: HttpClient, { dies, killed }: Process) {
  let calls = 0;
  let dead = false;
  let die: (word: 'died') => void = () => {};
  const died = new Promise<'died'>((resolve) => {
    die = resolve;
  });
  const never = new Promise<never>(() => {});
  killed?.addEventListener('abort', () => {
    dead = true;
    die('died');
  });
  const mortal: HttpClient = {
    async sendRequest(request) {
      if (dead) return never;
      const isArm = new URL(request.url).hostname.startsWith('management.');
      if (isArm) calls += 1;
      if (!isArm || dies === undefined || !isLast(dies, calls, request))
        return client.sendRequest(request).then((answer) => (dead ? never : answer));
      dead = true;
      // Its answer may be lost all the same, or be a refusal: nobody hears it.
      if (dies.applied) await client.sendRequest(request).catch(() => {});
      die('died');
      return never;
    },
  };
  const end = () => {
    dead = true;
  };
  return { client: mortal, died, calls: () => calls, end };
}

function isLast(death: Death, calls: number, { method, url }: PipelineRequest): boolean {
  if ('atCall' in death) return calls === death.atCall;
  const [verb, part = ''] = death.onCall.split(' …');
  return method === verb && url.includes(part);
}

function signIn(httpClient: HttpClient, cancelled: AbortSignal): Azure {
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
    httpClient,
    cancelled,
  });
}
