import assert from 'node:assert/strict';
import { byAssertion, identity, isShortLived, signInAdvice } from '../../../tasks/common/packer/credentials.ts';
import type { Scheme, ServiceConnection } from '../../../tasks/common/sign-in/connection.ts';

const connection = (cloud: string): ServiceConnection => ({
  id: 'i',
  name: 'n',
  tenantId: 't',
  clientId: 'c',
  subscriptionId: 's',
  cloud: { name: cloud, resourceManager: '', authority: '', audience: '' },
  secret: { scheme: 'secret', clientSecret: 'x' },
});

describe('identity', () => {
  for (const [cloud = '', name] of [
    ['AzureCloud', 'Public'],
    ['AzureUSGovernment', 'USGovernment'],
    ['azurechinacloud', 'China'],
  ])
    it(`calls ${cloud} ${name}`, () => assert.equal(identity(connection(cloud))['cloud_environment_name'], name));
  it('refuses a cloud that Packer does not know, by name', () =>
    assert.throws(() => identity(connection('AzureStack')), { code: 'UnsupportedCloud', message: /AzureStack/ }));
});

describe('what Packer gets by scheme', () => {
  const by = (secret: ServiceConnection['secret'], clientId = 'c') =>
    identity({ ...connection('AzureCloud'), secret, clientId });
  const common = { subscription_id: 's', cloud_environment_name: 'Public' };
  it('is who we are, for a secret', () =>
    assert.deepEqual(by({ scheme: 'secret', clientSecret: 'x' }), { ...common, client_id: 'c', tenant_id: 't' }));
  it('is who we are, for a certificate', () =>
    assert.deepEqual(by({ scheme: 'certificate', pem: 'x' }), { ...common, client_id: 'c', tenant_id: 't' }));
  it('is the subscription alone for the identity of the system: a tenant would be taken for another scheme', () =>
    assert.deepEqual(by({ scheme: 'managedIdentity' }, ''), common));
  it('is the subscription and the client id for a user-assigned identity', () =>
    assert.deepEqual(by({ scheme: 'managedIdentity' }), { ...common, client_id: 'c' }));
  it('is a token and the place of fresh ones, for an assertion', () =>
    assert.deepEqual(byAssertion({ jwt: 'j', brokerUrl: 'u', brokerToken: 'b' }), {
      client_jwt: 'j',
      oidc_request_url: 'u',
      oidc_request_token: 'b',
    }));
});

describe('signInAdvice', () => {
  const cases: readonly { name: string; text: string; scheme: Scheme; says: RegExp | undefined }[] = [
    { name: 'a JSON template with the secret', text: '{{env `ARM_CLIENT_SECRET`}}', scheme: 'secret', says: undefined },
    { name: 'an HCL2 template with the secret', text: 'var.arm_client_secret', scheme: 'secret', says: undefined },
    { name: 'no credentials at all', text: '{}', scheme: 'secret', says: /arm_client_secret/ },
    {
      name: 'a secret where a token is needed',
      text: 'var.arm_client_secret',
      scheme: 'federation',
      says: /arm_client_jwt/,
    },
    { name: 'a token', text: 'var.arm_client_jwt', scheme: 'federation', says: undefined },
    { name: 'a token of a certificate', text: 'var.arm_client_jwt', scheme: 'certificate', says: undefined },
    {
      name: 'a secret where a certificate signs in',
      text: 'var.arm_client_secret',
      scheme: 'certificate',
      says: /\(service principal with a certificate\).*arm_client_jwt/,
    },
    { name: 'a subscription', text: 'var.arm_subscription_id', scheme: 'managedIdentity', says: undefined },
    { name: 'nothing at all', text: '{}', scheme: 'managedIdentity', says: /managed identity.*arm_subscription_id/ },
    {
      name: 'half of the endpoint',
      text: 'var.arm_oidc_request_url',
      scheme: 'federation',
      says: /oidc_request_token/,
    },
    {
      name: 'the whole endpoint',
      text: 'var.arm_oidc_request_url var.arm_oidc_request_token',
      scheme: 'federation',
      says: undefined,
    },
  ];
  for (const { name, text, scheme, says } of cases)
    it(`of ${name}: ${says ? 'speaks' : 'is silent'}`, () => {
      const advice = signInAdvice(text, scheme);
      if (says) assert.match(advice ?? '', says);
      else assert.equal(advice, undefined);
    });
});

describe('isShortLived', () => {
  const both = 'var.arm_client_jwt var.arm_oidc_request_url';
  it('is a federated build with one token', () =>
    assert.equal(isShortLived('{{env `ARM_CLIENT_JWT`}}', 'federation'), true));
  it('is a build with one token of a certificate', () =>
    assert.equal(isShortLived('var.arm_client_jwt', 'certificate'), true));
  it('is not one of a managed identity', () =>
    assert.equal(isShortLived('var.arm_client_jwt', 'managedIdentity'), false));
  it('is not one that can ask again', () => assert.equal(isShortLived(both, 'federation'), false));
  it('is not one with a secret', () => assert.equal(isShortLived('var.arm_client_jwt', 'secret'), false));
});
