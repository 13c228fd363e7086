import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { BakeRequest } from '../../tasks/BakeImage/inputs.ts';
import type { Surroundings } from '../../tasks/BakeImage/surroundings.ts';
import { printLog } from '../../tasks/common/agent/print-log.ts';
import { connect } from '../../tasks/common/azure/connect.ts';
import { type Clock, systemClock } from '../../tasks/common/clock.ts';
import { templateKind } from '../../tasks/common/packer/template.ts';
import { newId } from '../../tasks/common/random.ts';
import type { ServiceConnection, SignInSecret } from '../../tasks/common/sign-in/connection.ts';

export const clientSecret = 'client-secret-that-nobody-may-see';

/** A folder with a template, a request for it, and surroundings that write down what they are told. */
export interface Stage {
  readonly folder: string;
  readonly tempFolder: string;
  readonly request: BakeRequest;
  readonly around: Surroundings;
  readonly lines: string[];
  readonly masked: string[];
  readonly progress: (readonly [number, string])[];
  readonly cancel: AbortController;
  remove(): void;
}

export interface StageOptions {
  readonly path: string;
  readonly template?: string;
  readonly templateText?: string;
  readonly secret?: SignInSecret;
  readonly environment?: Readonly<Record<string, string>>;
  readonly network?: Surroundings['agent']['network'];
  readonly clock?: Clock;
  /** In place of a network: without it nothing is sent to Azure by the task itself. */
  readonly httpClient?: HttpClient;
  readonly subscriptionId?: string;
}

export function setStage(options: StageOptions, changes: Partial<BakeRequest> = {}): Stage {
  const folder = mkdtempSync(join(tmpdir(), 'bake-'));
  const tempFolder = mkdtempSync(join(tmpdir(), 'bake-temp-'));
  const path = join(folder, options.template ?? 'web.json');
  writeFileSync(path, options.templateText ?? '{"variables":{"a":"{{env `ARM_CLIENT_SECRET`}}","app":""}}');
  const lines: string[] = [];
  const masked: string[] = [];
  const progress: (readonly [number, string])[] = [];
  const cancel = new AbortController();
  let tokens = 0;
  const account = connection(options.secret ?? { scheme: 'secret', clientSecret }, options.subscriptionId);
  return {
    folder,
    tempFolder,
    lines,
    masked,
    progress,
    cancel,
    request: {
      connection: account,
      template: { path, isFolder: false, kind: templateKind(path, false) ?? 'json' },
      folder,
      variableFiles: [],
      variables: [],
      onlyBuilds: [],
      exceptBuilds: [],
      timeoutInMinutes: 5,
      ...changes,
    },
    around: {
      agent: {
        log: printLog((line) => lines.push(line)),
        network: options.network ?? {},
        cancelled: cancel.signal,
        tempFolder,
        mask: (secret) => masked.push(secret),
        progress: (percent, text) => progress.push([percent, text]),
      },
      azure: connect({
        connection: account,
        network: {},
        mask: () => {},
        userAgent: 'test',
        httpClient: options.httpClient ?? noNetwork,
      }),
      machine: {
        environment: { PATH: options.path, ...options.environment },
        platform: process.platform,
        arch: process.arch,
      },
      clock: options.clock ?? systemClock,
      newId,
      freshAssertion: async () => `oidc-token-${++tokens}`,
    },
    remove: () => {
      for (const each of [folder, tempFolder]) rmSync(each, { recursive: true, force: true });
    },
  };
}

export const left = ({ tempFolder }: Stage) => readdirSync(tempFolder);

/** Time passes for real, but waits of minutes are over three hundred times sooner. */
export const hurriedClock: Clock = {
  now: systemClock.now,
  sleep: (ms, signal) => systemClock.sleep(ms >= 120_000 ? ms / 300 : ms, signal),
};

/** Resolves once the condition holds. */
export async function until(condition: () => boolean, patienceMs = 15_000): Promise<void> {
  const end = systemClock.now() + patienceMs;
  while (!condition()) {
    assert.ok(systemClock.now() < end, `waited in vain: ${condition}`);
    await systemClock.sleep(20);
  }
}

const noNetwork: HttpClient = {
  sendRequest: ({ method, url }) => Promise.reject(new Error(`nobody expected ${method} ${url}`)),
};

const connection = (secret: SignInSecret, subscriptionId = 'the-subscription'): ServiceConnection => ({
  id: 'c',
  name: 'shop-azure',
  tenantId: 'the-tenant',
  clientId: 'the-client',
  subscriptionId,
  cloud: {
    name: 'AzureCloud',
    resourceManager: 'https://management.azure.com',
    authority: 'https://login.microsoftonline.com',
    audience: 'https://management.azure.com',
  },
  secret,
});
