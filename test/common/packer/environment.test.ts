import assert from 'node:assert/strict';
import { packerEnvironment } from '../../../tasks/common/packer/environment.ts';

const given = { inherited: {}, credentials: {}, network: {} };

describe('packerEnvironment', () => {
  it('gives credentials to JSON and HCL2 templates', () => {
    const environment = packerEnvironment({ ...given, credentials: { client_id: 'me' } });
    assert.equal(environment['ARM_CLIENT_ID'], 'me');
    assert.equal(environment['PKR_VAR_arm_client_id'], 'me');
  });

  it('takes away what would mislead, and leaves what is the author’s', () => {
    const inherited = {
      ARM_CLIENT_SECRET: 'old',
      arm_metadata_url: 'http://elsewhere',
      PKR_VAR_arm_client_secret: 'old',
      PACKER_LOG: '1',
      PACKER_LOG_PATH: '/tmp/secrets.log',
      PKR_VAR_app_version: '1',
      PACKER_GITHUB_API_TOKEN: 'theirs',
      HOME: '/home/agent',
      VSTS_HTTP_PROXY_PASSWORD: 'of the agent',
      AZP_TOKEN: 'of the agent',
      gone: undefined,
    };
    assert.deepEqual(packerEnvironment({ ...given, inherited }), {
      PKR_VAR_app_version: '1',
      PACKER_GITHUB_API_TOKEN: 'theirs',
      HOME: '/home/agent',
      CHECKPOINT_DISABLE: '1',
      PACKER_NO_COLOR: '1',
    });
  });

  it('takes the proxy from the agent and not from the machine', () => {
    const proxy = {
      url: 'http://proxy:3128',
      username: 'u',
      password: 'p@ss',
      bypass: ['^https://\\.corp\\.net$', 'a\\.b'],
    };
    const environment = packerEnvironment({
      ...given,
      inherited: { https_proxy: 'http://old', no_proxy: '*', ALL_PROXY: 'x' },
      network: { proxy },
    });
    assert.equal(environment['HTTPS_PROXY'], 'http://u:p%40ss@proxy:3128');
    assert.equal(environment['NO_PROXY'], '.corp.net,a.b,169.254.169.254', 'nor does a proxy get the metadata service');
    assert.ok(!('https_proxy' in environment || 'no_proxy' in environment || 'ALL_PROXY' in environment));
  });

  it('leaves the machine’s proxy when the agent has none', () =>
    assert.equal(packerEnvironment({ ...given, inherited: { HTTPS_PROXY: 'http://m' } })['HTTPS_PROXY'], 'http://m'));

  it('names the file with authorities', () =>
    assert.equal(packerEnvironment({ ...given, caFile: '/tmp/ca.pem' })['SSL_CERT_FILE'], '/tmp/ca.pem'));
});
