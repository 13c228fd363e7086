import assert from 'node:assert/strict';
import { addGalleryVersion, testSubscription } from '../../compute/builders.ts';
import { addMarketplaceVersion } from '../../compute/images/marketplace.ts';
import { assertRefused, bodyOf, openStage, type Stage } from '../../compute/support.ts';
import type { Json } from '../../core/http.ts';
import { at, list, object } from '../../core/json.ts';
import { addVhd } from './vhds.ts';

const room = 'resourceGroups/web/providers/Microsoft.Compute';
const idOf = (path: string) => `/subscriptions/${testSubscription}/${room}/${path}`;

describe('Disks and snapshots', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = openStage({ rateLimits: false, replicationMs: 100_000 });
    addGalleryVersion(stage.world, { group: 'web', version: '1.0.0', content: 'one' });
  });
  afterEach(() => stage.close());

  const put = (path: string, properties: Json, location = 'koreacentral') =>
    stage.call('PUT', `${room}/${path}`, { location, properties });
  const get = (path: string) => object(bodyOf(stage.call('GET', `${room}/${path}`)));
  /** Makes it and waits for its operation. */
  const make = async (path: string, creationData: Json, more: Json = {}, location?: string) => {
    const answer = put(path, { creationData, ...more }, location);
    assert.equal(answer.status, 202, JSON.stringify(answer.body));
    assert.match(answer.headers?.['Azure-AsyncOperation'] ?? '', /\/locations\/\w+\/DiskOperations\//);
    await stage.pass(5_000);
    return object(get(path)['properties']);
  };
  const contentOf = (path: string) => {
    const key = idOf(path).toLowerCase();
    return (stage.world.resources.disks.get(key) ?? stage.world.resources.snapshots.get(key))?.content.content;
  };
  const copyOf = (path: string): Json => ({ createOption: 'Copy', sourceResourceId: idOf(path) });
  const galleryImage = (version: string): Json => ({
    createOption: 'FromImage',
    galleryImageReference: { id: idOf(`galleries/gallery/images/web/versions/${version}`) },
  });
  const vhd = 'https://store.blob.core.windows.net/disks/web.vhd';

  it('are made from a gallery version, copied, snapshot, and made into disks again', async () => {
    const made = await make('disks/first', galleryImage('1.0.0'));
    assert.deepEqual([made['osType'], made['hyperVGeneration'], made['diskState']], ['Linux', 'V2', 'Unattached']);
    await make('snapshots/shot', copyOf('disks/first'));
    await make('disks/second', copyOf('snapshots/shot'), { diskSizeGB: 64 });
    await make('snapshots/twin', copyOf('snapshots/shot'));
    assert.deepEqual(['disks/second', 'snapshots/twin'].map(contentOf), ['one', 'one']);
    const { creationData, diskSizeGB } = object(get('disks/second')['properties']);
    assert.equal(at(creationData, 'sourceResourceId'), idOf('snapshots/shot'));
    assert.equal(at(creationData, 'sourceUniqueId'), object(get('snapshots/shot')['properties'])['uniqueId']);
    assert.equal(diskSizeGB, 64);
  });

  it('are made from the marketplace, empty, and from a blob', async () => {
    addMarketplaceVersion(stage.world, 'canonical:ubuntu:server', '1.0.1', 'marketplace');
    const place = `/Subscriptions/${testSubscription}/Providers/Microsoft.Compute/Locations/koreacentral/Publishers`;
    const id = `${place}/canonical/ArtifactTypes/VMImage/Offers/ubuntu/Skus/server/Versions/1.0.1`;
    await make('disks/platform', { createOption: 'FromImage', imageReference: { id } });
    await make('disks/data', { createOption: 'Empty' }, { diskSizeGB: 8 });
    const { storageAccountId } = addVhd(stage.world, vhd, { content: { content: 'from afar' } });
    await make('snapshots/blob', { createOption: 'Import', sourceUri: vhd, storageAccountId }, { osType: 'Windows' });
    assert.deepEqual(['disks/platform', 'disks/data', 'snapshots/blob'].map(contentOf), [
      'marketplace',
      'empty',
      'from afar',
    ]);
    assert.equal('osType' in object(get('disks/data')['properties']), false);
    assert.equal(object(get('snapshots/blob')['properties'])['osType'], 'Windows');
  });

  const refused = [
    { name: 'a source that is not there', path: 'snapshots/x', data: copyOf('disks/none'), status: 404, words: /none/ },
    { name: 'no way of making it', path: 'disks/x', data: {}, words: /createOption/ },
    { name: 'a way that is not simulated', path: 'disks/x', data: { createOption: 'Upload' }, words: /Upload/ },
    { name: 'an empty snapshot', path: 'snapshots/x', data: { createOption: 'Empty' }, words: /Empty/ },
    { name: 'an empty disk without a size', path: 'disks/x', data: { createOption: 'Empty' }, words: /diskSizeGB/ },
    {
      name: 'a data disk of an image',
      path: 'disks/x',
      data: { createOption: 'FromImage', imageReference: { id: 'x', lun: 0 } },
      words: /OS disk/,
    },
    {
      name: 'a blob without its account',
      path: 'disks/x',
      data: { createOption: 'Import', sourceUri: vhd },
      words: /storageAccountId/,
    },
    {
      name: 'a blob that is not there',
      path: 'disks/x',
      data: { createOption: 'Import', sourceUri: `${vhd}x`, storageAccountId: 'a' },
      words: /vhdx/,
    },
    {
      name: 'a blob of another account',
      path: 'disks/x',
      data: { createOption: 'Import', sourceUri: vhd, storageAccountId: 'a' },
      words: /does not belong/,
    },
    {
      name: 'a copy in another region',
      path: 'snapshots/x',
      data: copyOf('disks/first'),
      location: 'eastus',
      words: /same region/,
    },
  ];
  for (const { name, path, data, location, words, status = 400 } of refused)
    it(`refuse ${name}`, async () => {
      addVhd(stage.world, vhd);
      await make('disks/first', galleryImage('1.0.0'));
      const answer = put(path, { creationData: data as Json }, location);
      assertRefused(answer, status, status === 404 ? 'ResourceNotFound' : 'InvalidParameter', words);
    });

  it('keep their source and their kind, grow, and change tags and SKU', async () => {
    await make('disks/first', galleryImage('1.0.0'));
    await make('snapshots/shot', copyOf('disks/first'));
    await make('disks/other', galleryImage('1.0.0'));
    assertRefused(
      put('snapshots/shot', { creationData: copyOf('disks/other') }),
      409,
      'PropertyChangeNotAllowed',
      /sourceResourceId/,
    );
    assertRefused(
      put('snapshots/shot', { creationData: copyOf('disks/first'), incremental: true }),
      409,
      'PropertyChangeNotAllowed',
      /incremental/,
    );
    assertRefused(
      put('disks/first', { creationData: galleryImage('1.0.0'), diskSizeGB: 8 }),
      400,
      'InvalidParameter',
      /smaller/,
    );
    const patch = { tags: { a: 'b' }, sku: { name: 'Premium_LRS' }, properties: { diskSizeGB: 128 } };
    assert.equal(stage.call('PATCH', `${room}/disks/first`, patch).status, 202);
    const { tags, sku, properties } = get('disks/first');
    assert.deepEqual([tags, at(sku, 'name'), at(properties, 'diskSizeGB')], [{ a: 'b' }, 'Premium_LRS', 128]);
  });

  it('are listed by group and by subscription, and deleted: 202, then 204', async () => {
    await make('disks/first', galleryImage('1.0.0'));
    for (const all of [`${room}/disks`, 'providers/Microsoft.Compute/disks'])
      assert.deepEqual(
        list(bodyOf(stage.call('GET', all))['value']).map((each) => at(each, 'name')),
        ['first'],
      );
    assert.equal(stage.call('DELETE', `${room}/disks/first`).status, 202);
    await stage.pass(2_000);
    assert.equal(stage.call('DELETE', `${room}/disks/first`).status, 204);
  });

  describe('incremental ones', () => {
    const shot = async (name: string, source: string) =>
      make(`snapshots/${name}`, copyOf(source), { incremental: true });

    it('of one disk are a family, and copies stay in it', async () => {
      await make('disks/first', galleryImage('1.0.0'));
      await make('disks/other', galleryImage('1.0.0'));
      const families = [
        await shot('a', 'disks/first'),
        await shot('b', 'disks/first'),
        await shot('c', 'disks/other'),
        await shot('d', 'snapshots/a'),
      ];
      const [a, b, c, d] = families.map((properties) => properties['incrementalSnapshotFamilyId']);
      assert.deepEqual([b, d, c === a], [a, a, false]);
    });

    it('travel to another region, which takes its time', async () => {
      await make('disks/first', galleryImage('1.0.0'));
      await shot('near', 'disks/first');
      const travel = { createOption: 'CopyStart', sourceResourceId: idOf('snapshots/near') };
      const begun = await make('snapshots/far', travel, { incremental: true }, 'eastus');
      assert.equal(Number(begun['completionPercent']) < 20, true);
      assertRefused(
        put('disks/soon', { creationData: copyOf('snapshots/far') }, 'eastus'),
        409,
        'OperationNotAllowed',
        /being copied/,
      );
      assertRefused(stage.call('DELETE', `${room}/snapshots/near`), 409, 'OperationNotAllowed', /while it is copied/);
      await stage.pass(100_000);
      assert.equal(object(get('snapshots/far')['properties'])['completionPercent'], 100);
      await make('disks/there', copyOf('snapshots/far'), {}, 'eastus');
      assert.equal(contentOf('disks/there'), 'one');
      assert.equal(stage.call('DELETE', `${room}/snapshots/near`).status, 202);
    });

    it('are the only ones that travel', async () => {
      await make('disks/first', galleryImage('1.0.0'));
      await make('snapshots/full', copyOf('disks/first'));
      const travel = { createOption: 'CopyStart', sourceResourceId: idOf('snapshots/full') };
      assertRefused(
        put('snapshots/far', { creationData: travel, incremental: true }, 'eastus'),
        400,
        'InvalidParameter',
        /incremental/,
      );
    });
  });

  it('serve the unmodified SDK', async () => {
    const { sdk, play } = stage;
    const body = { location: 'koreacentral', creationData: { createOption: 'Empty' }, diskSizeGB: 4 };
    const disk = await play(sdk.disks.createOrUpdate('web', 'own', body));
    assert.equal(disk.provisioningState, 'Succeeded');
    const creationData = { createOption: 'Copy', sourceResourceId: String(disk.id) };
    const snapshot = await play(sdk.snapshots.createOrUpdate('web', 'own', { location: 'koreacentral', creationData }));
    assert.equal(snapshot.diskSizeGB, 4);
    await play(sdk.snapshots.update('web', 'own', { tags: { kept: 'yes' } }));
    assert.deepEqual((await play(sdk.snapshots.get('web', 'own'))).tags, { kept: 'yes' });
    await play(sdk.snapshots.delete('web', 'own'));
    await play(sdk.disks.delete('web', 'own'));
    assert.equal(stage.world.resources.disks.size, 0);
  });
});
