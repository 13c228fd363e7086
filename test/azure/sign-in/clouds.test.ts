import assert from 'node:assert/strict';
import {
  createWorld,
  type Directory,
  gates,
  handle,
  registerDirectory,
  virtualMachines,
  type World,
} from '../index.ts';
import { codeOf } from '../support.ts';

describe('Separate clouds', () => {
  let world: World;
  let us: Directory;
  beforeEach(() => {
    world = createWorld({ clock: { now: () => Date.parse('2026-01-01') }, machines: virtualMachines() });
    us = registerDirectory(world, {}, 'AzureUSGovernment');
  });

  const call = (line: string, body = '', headers = {}) => {
    const [method = '', url = ''] = line.split(' ');
    return handle(world, gates(), { method, url: new URL(url), headers, body });
  };
  const signIn = (host: string, resource: string) => {
    const { tenantId, clientId, secret } = us;
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret, resource };
    return call(`POST https://${host}/${tenantId}/oauth2/token`, String(new URLSearchParams(form)));
  };
  const read = (host: string, authorization: string) =>
    call(`GET https://${host}/subscriptions/${us.subscriptionId}?api-version=2022-12-01`, '', { authorization });
  const codes = (body: unknown) => (body as { error_codes: number[] }).error_codes;

  it('let their own in', () => {
    const { body } = signIn('login.microsoftonline.us', 'https://management.core.usgovcloudapi.net/');
    const bearer = `Bearer ${(body as { access_token: string }).access_token}`;
    assert.equal(read('management.usgovcloudapi.net', bearer).status, 200);
    assert.equal(codeOf(read('management.azure.com', bearer)), 'SubscriptionNotFound');
  });

  it('know no tenant of another', () =>
    assert.deepEqual(codes(signIn('login.microsoftonline.com', 'https://management.azure.com/').body), [90002]));

  it('know no resource of another', () =>
    assert.deepEqual(codes(signIn('login.microsoftonline.us', 'https://management.azure.com/').body), [500011]));

  it('take no token for something else', () => {
    const { body } = signIn('login.microsoftonline.us', 'https://graph.microsoft.us');
    const bearer = `Bearer ${(body as { access_token: string }).access_token}`;
    assert.equal(codeOf(read('management.usgovcloudapi.net', bearer)), 'InvalidAuthenticationTokenAudience');
  });
});
