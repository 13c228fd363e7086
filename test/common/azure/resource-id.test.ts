import assert from 'node:assert/strict';
import {
  formatImageVersionId,
  imageVersionId,
  imageVersionIn,
  sameId,
} from '../../../tasks/common/azure/resource-id.ts';
import { Failure } from '../../../tasks/common/failure.ts';

const images = '/subscriptions/s-1/resourceGroups/shop/providers/Microsoft.Compute/galleries/shopGallery/images/web';
const version = { subscription: 's-1', group: 'shop', gallery: 'shopGallery', definition: 'web', version: '1.20.3' };

describe('imageVersionId', () => {
  it('reads the id of one version', () => assert.deepEqual(imageVersionId(`${images}/versions/1.20.3`), version));

  it('reads it in any case, and keeps the spelling of names', () =>
    assert.deepEqual(imageVersionId(` ${`${images}/versions/1.20.3`.toUpperCase()}/ `), {
      subscription: 'S-1',
      group: 'SHOP',
      gallery: 'SHOPGALLERY',
      definition: 'WEB',
      version: '1.20.3',
    }));

  it('writes what it reads', () =>
    assert.equal(formatImageVersionId(imageVersionId(`${images}/versions/1.20.3`)), `${images}/versions/1.20.3`));

  const refusals = [
    { id: `${images}/versions/latest`, says: /whatever version is the latest/ },
    { id: images, says: /an image definition without a version/ },
    { id: `${images}/versions/1.2`, says: /"1\.2" is not three numbers/, code: 'InvalidInput' },
    { id: `${images}/versions/v1.2.3`, says: /"v1\.2\.3" is not three numbers/, code: 'InvalidInput' },
    {
      id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/web',
      says: /a managed image/,
      code: 'WrongResourceKind',
    },
    {
      id: 'Canonical:0001-com-ubuntu-server-jammy:22_04-lts:latest',
      says: /a marketplace image/,
      code: 'WrongResourceKind',
    },
    {
      id: '/CommunityGalleries/pub/Images/web/Versions/1.2.3',
      says: /shared or community gallery/,
      code: 'WrongResourceKind',
    },
    {
      id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/a',
      says: /a gallery without an image definition/,
      code: 'WrongResourceKind',
    },
    { id: `${images}/versions/1.2.3/extra`, says: /not the id/, code: 'InvalidInput' },
    { id: `https://management.azure.com${images}/versions/1.2.3`, says: /not the id/, code: 'InvalidInput' },
    { id: 'web', says: /Input "imageVersionId" is "web"/, code: 'InvalidInput' },
    { id: '', says: /not the id/, code: 'InvalidInput' },
  ];
  for (const { id, says, code = 'ImageVersionNotConcrete' } of refusals)
    it(`refuses "${id}"`, () => {
      assert.equal(imageVersionIn(id), undefined);
      assert.throws(
        () => imageVersionId(id),
        (error) => {
          assert.ok(error instanceof Failure);
          assert.equal(error.code, code);
          assert.match(error.message, says);
          return true;
        },
      );
    });

  it('names the input that it was read from', () =>
    assert.throws(() => imageVersionId('x', 'to'), /Input "to" is "x"/));
});

describe('sameId', () => {
  const cases = [
    { one: '/subscriptions/A/x', other: '/Subscriptions/a/X', same: true },
    { one: '/subscriptions/a/x/', other: '/subscriptions/a/x', same: true },
    { one: '/subscriptions/a/x', other: '/subscriptions/a/xy', same: false },
  ];
  for (const { one, other, same } of cases)
    it(`${same ? 'takes' : 'does not take'} ${one} for ${other}`, () => assert.equal(sameId(one, other), same));
});
