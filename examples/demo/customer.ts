import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Json } from '../../test/azure/core/http.ts';
import { gates, handle, type World } from '../../test/azure/index.ts';
import type { Directory } from '../../test/azure/sign-in/register.ts';

/** The customer's own hand on Azure, beside the pipeline: what Terraform or the portal would do. */
export interface Customer {
  /** Creates or replaces a resource and waits until Azure says that it is there. */
  put(path: string, apiVersion: string, body: Json): Promise<Json>;
  get(path: string, apiVersion: string): Promise<Json>;
}

const longestWaitMs = 180_000;
const pollMs = 500;

export async function signInAsCustomer(world: World, directory: Directory): Promise<Customer> {
  const call = caller(world, await accessToken(world, directory));
  return {
    async put(path, apiVersion, body) {
      await finished(call, path, call('PUT', path, apiVersion, body));
      return call('GET', path, apiVersion).body as Json;
    },
    async get(path, apiVersion) {
      return call('GET', path, apiVersion).body as Json;
    },
  };
}

type Caller = ReturnType<typeof caller>;

function caller(world: World, token: string) {
  const all = gates();
  return (method: string, path: string, apiVersion: string, body?: Json): Answer => {
    const url = new URL(path, 'https://management.azure.com');
    if (!url.searchParams.has('api-version')) url.searchParams.set('api-version', apiVersion);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = handle(world, all, { method, url, headers, body: body ? JSON.stringify(body) : '' });
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  };
}

async function finished(call: Caller, path: string, started: Answer): Promise<void> {
  const operation = started.headers?.['Azure-AsyncOperation'];
  if (operation === undefined) return;
  for (let waitedMs = 0; waitedMs < longestWaitMs; waitedMs += pollMs) {
    const { status, error } = call('GET', operation, '').body as { status: string; error?: Json };
    if (status === 'Succeeded') return;
    if (status !== 'InProgress') throw new Error(`Creating ${path}: ${status} ${JSON.stringify(error)}`);
    await sleep(pollMs);
  }
  throw new Error(`Creating ${path} has not ended within ${longestWaitMs / 1_000} seconds`);
}

/** https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
async function accessToken(world: World, { tenantId, clientId, secret }: Directory): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: secret,
    scope: 'https://management.azure.com/.default',
  });
  const url = new URL(`https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = handle(world, gates(), { method: 'POST', url, headers, body: form.toString() });
  const { access_token: token } = answer.body as { access_token?: string };
  if (token === undefined) throw new Error(`Signing in: ${answer.status} ${JSON.stringify(answer.body)}`);
  return token;
}
