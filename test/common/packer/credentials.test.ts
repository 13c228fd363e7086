import assert from 'node:assert/strict';
import { identity, isShortLived, signInAdvice } from '../../../tasks/common/packer/credentials.ts';
import type { ServiceConnection } from '../../../tasks/common/sign-in/connection.ts';

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

describe('signInAdvice', () => {
  const cases: readonly { name: string; text: string; scheme: 'secret' | 'federation'; says: RegExp | undefined }[] = [
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
  it('is not one that can ask again', () => assert.equal(isShortLived(both, 'federation'), false));
  it('is not one with a secret', () => assert.equal(isShortLived('var.arm_client_jwt', 'secret'), false));
});
