import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { ComputeManagementClient } from '@azure/arm-compute';
import { createDefaultHttpClient, createPipelineRequest, type HttpClient, RestError } from '@azure/core-rest-pipeline';
import { ClientSecretCredential } from '@azure/identity';
import { HttpsProxyAgent } from 'https-proxy-agent';
import {
  createWorld,
  type Directory,
  type RequestLine,
  type RunningAzure,
  registerDirectory,
  startAzure,
  virtualMachines,
  type World,
} from '../index.ts';

describe('The simulated Azure on loopback', () => {
  let world: World;
  let directory: Directory;
  let azure: RunningAzure;
  const lines: RequestLine[] = [];

  const open = async (proxyCredentials?: { username: string; password: string }) => {
    world = createWorld({ clock: { now: () => Date.now() }, machines: virtualMachines() });
    directory = registerDirectory(world);
    lines.length = 0;
    azure = await startAzure({
      world,
      ...(proxyCredentials && { proxyCredentials }),
      onRequest: (line) => lines.push(line),
    });
  };
  afterEach(() => azure.close());

  it('serves the unmodified SDK over HTTPS, sign-in included', async () => {
    await open();
    assert.deepEqual(await machines(azure, directory), []);
    assert.deepEqual(
      new Set(azure.connects.map(({ host }) => host)),
      new Set(['login.microsoftonline.com', 'management.azure.com']),
    );
  });

  it('logs a line a request, with nothing in it that is secret', async () => {
    await open();
    await machines(azure, directory);
    const last = lines.at(-1);
    assert.deepEqual([last?.method, last?.status, last?.host], ['GET', 200, 'management.azure.com']);
    assert.doesNotMatch(JSON.stringify(lines), new RegExp(`${directory.secret}|Bearer|eyJ`));
  });

  it('is trusted by nobody who was not told of its authority', async () => {
    await open();
    await assert.rejects(machines({ ...azure, caPem: '' }, directory), /network_error/);
    assert.deepEqual(azure.connects, [{ host: 'login.microsoftonline.com', outcome: 'tunnelled' }]);
    assert.deepEqual(lines, []);
  });

  it('breaks the connection when an answer is to be lost, after the effect', async () => {
    await open();
    const path = `/subscriptions/${directory.subscriptionId}/resourceGroups/web`;
    world.faults.add({ on: 'PUT …/resourceGroups/web', times: 1, effect: 'applied' });
    await assert.rejects(
      put(azure, directory, path),
      (error) => error instanceof RestError && error.code === 'ECONNRESET',
    );
    assert.ok(world.resources.groups.has(path.toLowerCase()));
    assert.equal(lines.at(-1)?.lost, true);
  });

  it('refuses a tunnel to a host that it does not speak for', async () => {
    await open();
    assert.match(await rawConnect(azure, 'aka.ms:443'), /^HTTP\/1\.1 502 /);
    assert.deepEqual(azure.connects, [{ host: 'aka.ms', outcome: 'unknown host' }]);
  });

  it('refuses what is no tunnel', async () => {
    await open();
    const reply = await raw(
      azure,
      'GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n',
    );
    assert.match(reply, /^HTTP\/1\.1 403 /);
  });

  it('asks for the credentials of the proxy when it has some', async () => {
    await open({ username: 'agent', password: 'p@ss' });
    assert.match(
      await rawConnect(azure, 'management.azure.com:443'),
      /^HTTP\/1\.1 407 [\s\S]*Proxy-Authenticate: Basic/,
    );
    const proxyUrl = azure.proxyUrl.replace('//', '//agent:p%40ss@');
    assert.deepEqual(await machines({ ...azure, proxyUrl }, directory), []);
  });

  it('looks after its world when nobody calls', async () => {
    await open();
    const due = new Promise<void>((resolve) => world.schedule.add(Date.now() + 50, resolve));
    await due;
  });

  it('leaves nothing behind when it is closed', async () => {
    await open();
    assert.ok(existsSync(azure.caFile));
    await azure.close();
    assert.equal(existsSync(dirname(azure.caFile)), false);
    await assert.rejects(rawConnect(azure, 'management.azure.com:443'), /ECONNREFUSED/);
  });
});

/** Gives the SDK a way through the proxy that trusts this authority alone. */
function through({ proxyUrl, caPem }: Pick<RunningAzure, 'proxyUrl' | 'caPem'>): HttpClient {
  const agent = new HttpsProxyAgent(proxyUrl, { keepAlive: false });
  const inner = createDefaultHttpClient();
  return {
    sendRequest(request) {
      request.agent = agent;
      request.requestOverrides = { ca: caPem };
      return inner.sendRequest(request);
    },
  };
}

function clientOf(azure: RunningAzure, { tenantId, clientId, secret, subscriptionId }: Directory) {
  const options = { httpClient: through(azure), retryOptions: { maxRetries: 0 } };
  return new ComputeManagementClient(
    new ClientSecretCredential(tenantId, clientId, secret, options),
    subscriptionId,
    options,
  );
}

async function machines(azure: RunningAzure, directory: Directory): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const machine of clientOf(azure, directory).virtualMachines.listAll()) found.push(machine);
  return found;
}

async function put(azure: RunningAzure, directory: Directory, path: string): Promise<void> {
  const { pipeline } = clientOf(azure, directory);
  const request = createPipelineRequest({
    method: 'PUT',
    url: `https://management.azure.com${path}?api-version=2021-04-01`,
    body: '{"location":"koreacentral"}',
  });
  await pipeline.sendRequest(through(azure), request);
}

const rawConnect = (azure: RunningAzure, target: string) =>
  raw(azure, `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);

/** What the proxy says to these bytes before it ends the connection. */
function raw({ proxyUrl }: RunningAzure, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(proxyUrl).port), '127.0.0.1', () => socket.write(text));
    let reply = '';
    socket.on('data', (chunk) => {
      reply += String(chunk);
    });
    socket.on('end', () => resolve(reply));
    socket.on('error', reject);
  });
}
