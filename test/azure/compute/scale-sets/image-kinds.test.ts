import assert from 'node:assert/strict';
import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { object } from '../../core/json.ts';
import type { Settings } from '../../core/settings.ts';
import { addGalleryVersion, addGroup, addScaleSet, testSubscription } from '../builders.ts';
import { addManagedImage } from '../images/builders.ts';
import { addMarketplaceVersion, addPublicVersion } from '../images/marketplace.ts';
import { assertRefused, openStage, type Stage, shop } from '../support.ts';

const compute = `/subscriptions/${testSubscription}/resourceGroups/images/providers/Microsoft.Compute`;
const definition = `${compute}/galleries/gallery/images/web`;
const ubuntu = { publisher: 'Canonical', offer: 'ubuntu', sku: 'server', version: 'latest' };

describe('a set’s image, of every kind', () => {
  let stage: Stage;
  afterEach(() => stage.close());
  const open = (settings: Partial<Settings> = {}) => {
    stage = openStage({ rateLimits: false, ...settings });
    addGalleryVersion(stage.world, { version: '1.0.0' });
    addGroup(stage.world, 'web');
    addManagedImage(stage.world, `${compute}/images/one`);
    addMarketplaceVersion(stage.world, 'canonical:ubuntu:server', '1.0.1');
    addPublicVersion(stage.world, '/CommunityGalleries/public-1/Images/web/Versions/4.0.0', ['koreacentral']);
    addPublicVersion(stage.world, '/SharedGalleries/private-1/Images/web/Versions/5.0.0', ['koreacentral']);
    return stage;
  };
  const body = (
    imageReference: Json,
    osProfile: Json | undefined = { computerNamePrefix: 'shop', adminUsername: 'a' },
  ): Json => ({
    location: 'koreacentral',
    sku: { name: 'Standard_D2s_v5', capacity: 1 },
    properties: {
      upgradePolicy: { mode: 'Manual' },
      virtualMachineProfile: { storageProfile: { imageReference }, ...(osProfile && { osProfile }) },
    },
  });
  const make = async (imageReference: Json) => {
    const answer = stage.call('PUT', shop, body(imageReference));
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    await stage.pass(200_000);
    await instance('0');
  };
  const patch = (imageReference: Json) =>
    stage.call('PATCH', shop, { properties: { virtualMachineProfile: { storageProfile: { imageReference } } } });
  const instance = async (number: string) => {
    const { storageProfile } = await stage.play(stage.sdk.virtualMachineScaleSetVMs.get('web', 'shop', number));
    return storageProfile?.imageReference;
  };
  const diskOf = (number: number) =>
    stage.world.compute.instances.get(keyOf(`/subscriptions/${testSubscription}/${shop}/virtualMachines/${number}`))
      ?.image.disk.content;

  const kinds: readonly (readonly [string, Json, string | undefined, string])[] = [
    ['a gallery version', { id: `${definition}/versions/1.0.0` }, '1.0.0', '1.0.0'],
    ['a definition', { id: definition }, '1.0.0', '1.0.0'],
    ['a managed image', { id: `${compute}/images/one` }, undefined, 'one'],
    ['the marketplace, latest', ubuntu, '1.0.1', '1.0.1'],
    ['the marketplace, a version', { ...ubuntu, version: '1.0.1' }, '1.0.1', '1.0.1'],
    ['the marketplace, whatever is not put there', { ...ubuntu, offer: 'debian' }, '12.20250101.1976', 'base'],
    [
      'a community gallery',
      { communityGalleryImageId: '/CommunityGalleries/public-1/Images/web/Versions/4.0.0' },
      '4.0.0',
      '/CommunityGalleries/public-1/Images/web/Versions/4.0.0',
    ],
    [
      'a community gallery, latest',
      { communityGalleryImageId: '/CommunityGalleries/public-1/Images/web/Versions/latest' },
      '4.0.0',
      '/CommunityGalleries/public-1/Images/web/Versions/4.0.0',
    ],
    [
      'a shared gallery',
      { sharedGalleryImageId: '/SharedGalleries/private-1/Images/web' },
      '5.0.0',
      '/SharedGalleries/private-1/Images/web/Versions/5.0.0',
    ],
  ];
  for (const [name, reference, exactVersion, content] of kinds)
    it(`is ${name}, and each instance shows its exact version`, async () => {
      open();
      addGalleryVersion(stage.world, { version: '1.0.0' });
      await make({ ...reference, ...(reference['offer'] === 'debian' && { sku: '12' }) });
      assert.deepEqual([(await instance('0'))?.exactVersion, diskOf(0)], [exactVersion, content]);
    });

  it('is refused where it is not, by name', () => {
    open();
    const astray: readonly (readonly [Json, number, string, RegExp])[] = [
      [
        { communityGalleryImageId: '/CommunityGalleries/other/Images/web' },
        404,
        'GalleryImageNotFound',
        /CommunityGalleries\/other/,
      ],
      [
        { sharedGalleryImageId: '/SharedGalleries/private-1/Images/web/Versions/9.0.0' },
        404,
        'GalleryImageNotFound',
        /9\.0\.0/,
      ],
      [
        { ...ubuntu, version: '9.9.9' },
        404,
        'PlatformImageNotFound',
        /'Canonical:ubuntu:server:9\.9\.9' is not available/,
      ],
      [{ id: `${compute}/images/none` }, 404, 'NotFound', /images\/none/],
      [{}, 400, 'InvalidParameter', /publisher/],
    ];
    for (const [reference, status, code, words] of astray)
      assertRefused(stage.call('PUT', shop, body(reference)), status, code, words);
  });

  it('is the latest at the moment when each instance is made, and a reimage goes back to its own', async () => {
    open();
    await make(ubuntu);
    addMarketplaceVersion(stage.world, 'canonical:ubuntu:server', '1.0.2');
    await stage.play(stage.sdk.virtualMachineScaleSets.update('web', 'shop', { sku: { capacity: 2 } }));
    assert.deepEqual([diskOf(0), diskOf(1)], ['1.0.1', '1.0.2']);
    await stage.play(stage.sdk.virtualMachineScaleSetVMs.reimage('web', 'shop', '0'));
    assert.deepEqual([diskOf(0), (await instance('0'))?.exactVersion], ['1.0.1', '1.0.1']);
  });

  it('is the latest of a definition without those that are excluded here, and a reimage goes back to its own', async () => {
    open();
    await make({ id: definition });
    addGalleryVersion(stage.world, { version: '2.0.0' });
    addGalleryVersion(stage.world, { version: '3.0.0', excludeFromLatest: true });
    const here = addGalleryVersion(stage.world, { version: '4.0.0' });
    here.properties = { publishingProfile: { targetRegions: [{ name: 'Korea Central', excludeFromLatest: true }] } };
    await stage.play(stage.sdk.virtualMachineScaleSets.update('web', 'shop', { sku: { capacity: 2 } }));
    await stage.play(stage.sdk.virtualMachineScaleSetVMs.reimage('web', 'shop', '0'));
    assert.deepEqual([diskOf(0), diskOf(1)], ['1.0.0', '2.0.0']);
  });

  it('may move from a managed image into a gallery, and back', async () => {
    open();
    await make({ id: `${compute}/images/one` });
    assert.equal(patch({ id: `${definition}/versions/1.0.0` }).status, 200);
    await stage.pass(60_000);
    assert.equal(patch({ id: `${compute}/images/one` }).status, 200);
  });

  for (const [imageTypeChange, status] of [
    ['refused', 409],
    ['accepted', 200],
  ] as const)
    it(`is answered ${status} between marketplace and own when the switch says ${imageTypeChange}`, async () => {
      open({ imageTypeChange });
      await make(ubuntu);
      const answer = patch({ id: `${definition}/versions/1.0.0` });
      assert.equal(answer.status, status);
      if (status === 409)
        assertRefused(
          answer,
          409,
          'OperationNotAllowed',
          /^The Image type for a Virtual Machine Scale Set may not be changed\.$/,
        );
    });

  for (const [member, settings, status] of [
    ['publisher', {}, 409],
    ['offer', {}, 409],
    ['sku', { imageSkuChange: 'refused' }, 409],
    ['sku', { imageSkuChange: 'accepted' }, 200],
  ] as const)
    it(`of the marketplace answers ${status} to another ${member} with ${JSON.stringify(settings)}`, async () => {
      open(settings);
      await make(ubuntu);
      const answer = patch({ ...ubuntu, [member]: 'other' });
      if (status === 200) assert.equal(answer.status, 200);
      else assertRefused(answer, 409, 'PropertyChangeNotAllowed', new RegExp(`'imageReference\\.${member}'`));
    });

  for (const [member, change] of [
    ['osType', { osType: 'Windows' }],
    ['hyperVGeneration', { hyperVGeneration: 'V1' }],
  ] as const)
    it(`keeps its ${member}`, async () => {
      open();
      await make({ id: `${compute}/images/one` });
      addManagedImage(stage.world, `${compute}/images/strange`, change);
      assertRefused(patch({ id: `${compute}/images/strange` }), 409, 'OperationNotAllowed', new RegExp(member));
    });

  it('comes without an OS profile when it is specialized', async () => {
    open();
    const record = stage.world.compute.definitions.get(keyOf(definition));
    if (record) record.properties = { ...object(record.properties), osState: 'Specialized' };
    const reference = { id: `${definition}/versions/1.0.0` };
    assertRefused(
      stage.call('PUT', shop, body(reference)),
      400,
      'InvalidParameter',
      /^Parameter 'osProfile' is not allowed\.$/,
    );
    const { properties, ...rest } = body(reference);
    const { osProfile: _, ...profile } = object(object(properties)['virtualMachineProfile']);
    const bare = { ...rest, properties: { ...object(properties), virtualMachineProfile: profile } };
    assert.equal(stage.call('PUT', shop, bare).status, 201);
    addScaleSet(stage.world, { name: 'old', image: `${compute}/images/one`, capacity: 1 });
    const old = shop.replace('shop', 'old');
    const change = { properties: { virtualMachineProfile: { storageProfile: { imageReference: reference } } } };
    assertRefused(stage.call('PATCH', old, change), 400, 'InvalidParameter', /osProfile/);
  });
});
