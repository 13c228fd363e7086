import assert from 'node:assert/strict';
import { createHttpHeaders, createPipelineFromOptions, createPipelineRequest } from '@azure/core-rest-pipeline';
import { addGalleryVersion, addScaleSet, testSubscription } from '../../compute/builders.ts';
import { openStage, type Stage } from '../../compute/support.ts';
import type { Json } from '../../core/http.ts';
import { object } from '../../core/json.ts';
import type { Settings } from '../../core/settings.ts';
import type { VirtualOptions } from '../../machines/virtual/options.ts';

/** Below the subscription. */
export const network = 'resourceGroups/web/providers/Microsoft.Network';
export const setPath = 'resourceGroups/web/providers/Microsoft.Compute/virtualMachineScaleSets/shop';
export const idOf = (path: string) => `/subscriptions/${testSubscription}/${path}`;
const version = 'api-version=2024-05-01';

export interface NetworkStage extends Stage {
  /** A read or a write of Microsoft.Network, as it is; the answer's body. */
  read(path: string): Json;
  write(line: string, body?: Json, headers?: Record<string, string>): ReturnType<Stage['call']>;
  /** A call through Azure's own pipeline, its `Location` followed to the end: what a REST client does. */
  follow(line: string, body?: Json): Promise<Json>;
}

/** A set of two behind a balancer's pool `blue`, whose rule probes `/health`; nobody is in `green`. */
export function openNetwork(settings: Partial<Settings> = {}, machines: VirtualOptions = {}): NetworkStage {
  const stage = openStage({ rateLimits: false, ...settings }, machines);
  const { id: image } = addGalleryVersion(stage.world, { version: '1.0.0' });
  addScaleSet(stage.world, {
    name: 'shop',
    image,
    capacity: 2,
    backendPools: [`${balancerId}/backendAddressPools/blue`],
  });
  const network: NetworkStage = {
    ...stage,
    read: (path) => object(stage.call('GET', `${path}?${version}`).body),
    write: (line, body, headers) => {
      const [method = '', path = ''] = line.split(' ');
      return stage.call(method, `${path}?${version}`, body, headers);
    },
    follow: (line, body) => follow(stage, line, body),
  };
  assert.equal(network.write(`PUT ${balancer}`, balancerBody('blue')).status, 201);
  return network;
}

export const balancer = `${network}/loadBalancers/front`;
export const balancerId = idOf(balancer);

export const balancerBody = (pool: string, probe: Json = {}): Json => ({
  location: 'koreacentral',
  sku: { name: 'Standard' },
  properties: {
    frontendIPConfigurations: [{ name: 'in', properties: {} }],
    backendAddressPools: [{ name: 'blue' }, { name: 'green' }],
    probes: [{ name: 'alive', properties: { protocol: 'Http', port: 8080, requestPath: '/health', ...probe } }],
    loadBalancingRules: [
      {
        name: 'http',
        properties: {
          protocol: 'Tcp',
          frontendPort: 80,
          backendPort: 8080,
          frontendIPConfiguration: { id: `${balancerId}/frontendIPConfigurations/in` },
          backendAddressPool: { id: `${balancerId}/backendAddressPools/${pool}` },
          probe: { id: `${balancerId}/probes/alive` },
        },
      },
    ],
  },
});

async function follow(stage: Stage, line: string, body?: Json): Promise<Json> {
  const [method = '', path = ''] = line.split(' ');
  const first = await send(stage, method, `https://management.azure.com${idOf(path)}?${version}`, body);
  if (first.status !== 202) return first.body;
  assert.match(first.location, /\/locations\/koreacentral\/operationResults\//);
  for (;;) {
    const later = await send(stage, 'GET', first.location);
    if (later.status !== 202) return later.body;
    await stage.pass(1000);
  }
}

async function send(stage: Stage, method: string, url: string, body?: Json) {
  const pipeline = createPipelineFromOptions({});
  const headers = createHttpHeaders({ 'content-type': 'application/json' });
  const request = createPipelineRequest({
    method: method as 'POST',
    url,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = await stage.play(pipeline.sendRequest(stage.httpClient, request));
  const text = answer.bodyAsText ?? '';
  return {
    status: answer.status,
    location: answer.headers.get('location') ?? '',
    body: text === '' ? {} : (JSON.parse(text) as Json),
  };
}
