import assert from 'node:assert/strict';
import type { Clock as InstalledClock } from '@sinonjs/fake-timers';
import { fakeTime } from '../support/fake-time.ts';
import type { ErrorDetail } from './core/arm-errors.ts';
import type { Answer } from './core/http.ts';
import type { Settings } from './core/settings.ts';
import {
  createWorld,
  type Directory,
  gates,
  handle,
  registerDirectory,
  settle,
  virtualMachines,
  type World,
} from './index.ts';
import type { VirtualOptions } from './machines/virtual/options.ts';

/** A world on a clock that the test moves, with a directory, and plain calls to it. */
export interface Bench {
  readonly world: World;
  readonly clock: InstalledClock;
  readonly directory: Directory;
  /** `/subscriptions/{id}` of the directory. */
  readonly subscription: string;
  /** A token for Resource Manager, from the sign-in service. */
  token(): string;
  /** Calls Resource Manager with a token; the path starts after the subscription, or is a whole URL of an operation. */
  arm(line: string, body?: unknown, headers?: Readonly<Record<string, string>>): Answer;
  /** The same, and the operation behind it runs to its end: gives its status document. */
  finish(line: string, body?: unknown): { readonly status: string; readonly error?: ErrorDetail };
  /** Calls any host: `POST https://login.microsoftonline.com/…`. */
  call(line: string, body?: string, headers?: Readonly<Record<string, string>>): Answer;
  pass(ms: number): void;
  close(): void;
}

export function openBench(settings: Partial<Settings> = {}, machines: VirtualOptions = {}): Bench {
  const clock = fakeTime('2026-01-01T00:00:00Z');
  const world = createWorld({
    clock: { now: () => Date.now() },
    settings: { rateLimits: false, ...settings },
    machines: virtualMachines(machines),
  });
  const directory = registerDirectory(world);
  const all = gates();
  const subscription = `/subscriptions/${directory.subscriptionId}`;
  const bench: Bench = {
    world,
    clock,
    directory,
    subscription,
    call(line, body = '', headers = {}) {
      const [method, url] = wordsOf(line);
      return handle(world, all, { method, url: new URL(url), headers, body });
    },
    token: () => tokenOf(bench, 'https://management.azure.com/'),
    arm(line, body, headers = {}) {
      const [method, path] = wordsOf(line);
      const url = path.startsWith('https:') ? path : `https://management.azure.com${subscription}${versioned(path)}`;
      const text = body === undefined ? '' : JSON.stringify(body);
      return bench.call(`${method} ${url}`, text, { authorization: `Bearer ${bench.token()}`, ...headers });
    },
    finish: (line, body) => finish(bench, bench.arm(line, body)),
    pass(ms) {
      clock.tick(ms);
      settle(world);
    },
    close: () => clock.uninstall(),
  };
  return bench;
}

/** `GET /path?with a space` */
const wordsOf = (line: string) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const;

const versioned = (path: string) =>
  path.includes('api-version=') ? path : `${path}${path.includes('?') ? '&' : '?'}api-version=2024-07-01`;

/** Signs in with the directory's secret. */
export function tokenOf({ call, directory }: Bench, resource: string): string {
  const { tenantId, clientId, secret } = directory;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: secret,
    resource,
  });
  const answer = call(`POST https://login.microsoftonline.com/${tenantId}/oauth2/token`, String(form));
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return (answer.body as { access_token: string }).access_token;
}

const twoHours = 7200;

function finish(bench: Bench, accepted: Answer): ReturnType<Bench['finish']> {
  const headers = accepted.headers ?? {};
  const url = headers['Azure-AsyncOperation'];
  assert.ok(url, `no operation behind ${accepted.status} ${JSON.stringify(accepted.body)}`);
  for (let waited = 0; waited < twoHours; waited += 1) {
    const document = bench.arm(`GET ${url}`).body as ReturnType<Bench['finish']>;
    if (document.status !== 'InProgress') return document;
    bench.pass(1000);
  }
  return assert.fail(`${url} did not end in two hours`);
}

/** The code in an error's envelope. */
export const codeOf = ({ body }: Answer): string => (body as { error: ErrorDetail }).error.code;

export const messageOf = ({ body }: Answer): string => (body as { error: ErrorDetail }).error.message;
