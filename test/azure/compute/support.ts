import assert from 'node:assert/strict';
import { ComputeManagementClient } from '@azure/arm-compute';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { fakeTime } from '../../support/fake-time.ts';
import { gates } from '../core/gates.ts';
import { type Gates, handle } from '../core/handle.ts';
import type { Answer, Json } from '../core/http.ts';
import { checkRate } from '../core/rate-limits.ts';
import type { Settings } from '../core/settings.ts';
import { createWorld, type World } from '../core/world.ts';
import type { VirtualOptions } from '../machines/virtual/options.ts';
import { virtualMachines } from '../machines/virtual/virtual-machines.ts';
import { play } from '../play.ts';
import { simulatedHttpClient } from '../server/in-process.ts';
import { testSubscription } from './builders.ts';

/** One world on a clock that the test moves, and the real SDK in front of it. */
export interface Stage {
  readonly world: World;
  readonly sdk: ComputeManagementClient;
  /** The way to this world, for other clients of Azure's pipeline. */
  readonly httpClient: HttpClient;
  /** Lets `work` run on simulated time until it has ended. */
  play<Result>(work: Promise<Result>): Promise<Result>;
  /** Passes simulated time. */
  pass(ms: number): Promise<void>;
  /** One call as it is, without a client's retries and polling. `path` is below the subscription. */
  call(method: string, path: string, body?: Json, headers?: Record<string, string>): Answer;
  /** The same with a whole address. */
  callAt(method: string, url: URL, body: string, headers?: Record<string, string>): Answer;
  close(): void;
}

export function openStage(settings: Partial<Settings> = {}, machines: VirtualOptions = {}): Stage {
  const clock = fakeTime('2026-01-01T00:00:00Z');
  const world = createWorld({ clock: { now: () => Date.now() }, settings, machines: virtualMachines(machines) });
  const credential = { getToken: async () => ({ token: 'any', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
  const httpClient = simulatedHttpClient(world, withoutTokens());
  return {
    world,
    httpClient,
    sdk: new ComputeManagementClient(credential, testSubscription, { httpClient }),
    play: (work) => play(clock, work, 250),
    pass: async (ms) => void (await clock.tickAsync(ms)),
    call: (...call) => rawCall(world, ...call),
    callAt: (method, url, body, headers = {}) => handle(world, withoutTokens(), { method, url, headers, body }),
    close: () => clock.uninstall(),
  };
}

/** Sign-in has tests of its own: here only the rates stand before the rooms. */
function withoutTokens(): Gates {
  const all = gates();
  return { ...all, arm: { ...all.arm, check: checkRate } };
}

function rawCall(
  world: World,
  method: string,
  path: string,
  body?: Json,
  headers: Record<string, string> = {},
): Answer {
  const address = new URL(`https://management.azure.com/subscriptions/${testSubscription}/${path}`);
  if (!address.searchParams.has('api-version')) address.searchParams.set('api-version', '2024-07-01');
  const text = body === undefined ? '' : JSON.stringify(body);
  return handle(world, withoutTokens(), { method, url: address, headers, body: text });
}

/** The path of the set that most tests have. */
export const shop = 'resourceGroups/web/providers/Microsoft.Compute/virtualMachineScaleSets/shop';

export async function all<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** The answer is an error in ARM's envelope with this status, code, and these words. */
export function assertRefused(answer: Answer, status: number, code: string, words = /./): void {
  const { error } = answer.body as { readonly error: { readonly code: string; readonly message: string } };
  assert.deepEqual([answer.status, error.code], [status, code]);
  assert.match(error.message, words);
}

/** The body of a raw answer, as far as a test looks into it. */
export const bodyOf = (answer: Answer): Json => answer.body as Json;
