import assert from 'node:assert/strict';
import { readInputs } from '../../tasks/common/agent/read-inputs.ts';
import type { ServiceConnection } from '../../tasks/common/sign-in/connection.ts';
import { readRequest } from '../../tasks/PublishGalleryVersion/inputs.ts';

const connection: ServiceConnection = {
  id: 'c',
  name: 'c',
  tenantId: 't',
  clientId: 'c',
  subscriptionId: 'my-subscription',
  cloud: { name: 'AzureCloud', resourceManager: '', authority: '', audience: '' },
  secret: { scheme: 'secret', clientSecret: 'x' },
};
const given = {
  resourceGroupName: 'g',
  galleryName: 'x',
  imageDefinitionName: 'web',
  sourceImageId: '/subscriptions/other/resourceGroups/g/providers/Microsoft.Compute/images/web-1',
  imageVersion: '1.2.3',
};
const read = (values: Readonly<Record<string, string>> = {}) =>
  readRequest({
    inputs: readInputs((name) => ({ ...given, ...values })[name], { workFolder: '/' }),
    connection: () => connection,
  });

describe('the inputs of PublishGalleryVersion', () => {
  it('have defaults that do the least', () => {
    const { version, source, ...others } = read();
    assert.deepEqual(version, {
      subscription: 'my-subscription',
      group: 'g',
      gallery: 'x',
      definition: 'web',
      version: '1.2.3',
    });
    assert.equal(source.subscription, 'other');
    assert.deepEqual(others, { connection, regions: [], excludeFromLatest: false, timeoutInMinutes: 120 });
  });

  it('take regions by lines', () =>
    assert.deepEqual(read({ targetRegions: 'koreacentral=2\n\njapaneast' }).regions, [
      { name: 'koreacentral', replicas: 2 },
      { name: 'japaneast' },
    ]));

  const refusals: Readonly<Record<string, string>> = {
    '1.2.2147483648': 'InputOutOfRange',
    latest: 'ImageVersionNotConcrete',
  };
  for (const imageVersion of ['1.2', '1.2.3.4', 'v1.2.3', '1.2.x', '01.2.3', '1.2.-3', ...Object.keys(refusals)])
    it(`refuse the version ${imageVersion}`, () =>
      assert.throws(() => read({ imageVersion }), {
        code: refusals[imageVersion] ?? 'InvalidInput',
        message: new RegExp(`imageVersion.*${imageVersion}`),
      }));

  for (const imageVersion of ['0.0.0', '1.2.2147483647', '20260105.3.0'])
    it(`take the version ${imageVersion}`, () => assert.equal(read({ imageVersion }).version.version, imageVersion));
});
