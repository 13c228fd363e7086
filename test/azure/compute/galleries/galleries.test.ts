import assert from 'node:assert/strict';
import type { GalleryImageVersion } from '@azure/arm-compute';
import { object } from '../../core/json.ts';
import { addGalleryVersion, addGroup, testSubscription } from '../builders.ts';
import { addManagedImage } from '../images/builders.ts';
import type { ManagedImage } from '../state.ts';
import { all, assertRefused, bodyOf, openStage, type Stage } from '../support.ts';

describe('galleries', () => {
  let stage: Stage;
  afterEach(() => stage.close());

  const definition = 'resourceGroups/images/providers/Microsoft.Compute/galleries/gallery/images/web';
  const imageId = (name: string) =>
    `/subscriptions/${testSubscription}/resourceGroups/images/providers/Microsoft.Compute/images/${name}`;

  const open = (settings: Parameters<typeof openStage>[0] = {}) => {
    stage = openStage({ rateLimits: false, replicationMs: 100_000, ...settings });
    addGalleryVersion(stage.world, { version: '1.0.0' });
    addImage('baked');
    return stage;
  };
  const addImage = (name: string, change: Partial<ManagedImage> = {}) =>
    addManagedImage(stage.world, imageId(name), change);
  const version = (source: string, ...regions: string[]): GalleryImageVersion => ({
    location: 'koreacentral',
    storageProfile: { source: { id: source } },
    ...(regions.length > 0 && { publishingProfile: { targetRegions: regions.map((name) => ({ name })) } }),
  });
  const publish = (name: string, body: GalleryImageVersion) =>
    stage.sdk.galleryImageVersions.createOrUpdate('images', 'gallery', 'web', name, body);
  const put = (name: string, properties: object, location = 'koreacentral') =>
    stage.call('PUT', `${definition}/versions/${name}`, { location, properties });
  const get = (name: string) =>
    stage.sdk.galleryImageVersions.get('images', 'gallery', 'web', name, { expand: 'ReplicationStatus' });

  it('makes a gallery, a definition and a version, and lists them', async () => {
    const { sdk, play, world } = open();
    addGroup(world, 'fresh');
    await play(sdk.galleries.createOrUpdate('fresh', 'shelf', { location: 'koreacentral' }));
    const identifier = { publisher: 'p', offer: 'o', sku: 's' };
    const made = await play(
      sdk.galleryImages.createOrUpdate('fresh', 'shelf', 'site', {
        location: 'koreacentral',
        osType: 'Linux',
        osState: 'Generalized',
        identifier,
      }),
    );
    assert.equal(made.hyperVGeneration, 'V2');
    await play(sdk.galleryImageVersions.createOrUpdate('fresh', 'shelf', 'site', '1.0.0', version(imageId('baked'))));
    const names = await play(all(sdk.galleryImageVersions.listByGalleryImage('fresh', 'shelf', 'site')));
    assert.deepEqual(
      names.map(({ name }) => name),
      ['1.0.0'],
    );
    assert.deepEqual(
      (await play(all(sdk.galleries.list()))).map(({ name }) => name),
      ['gallery', 'shelf'],
    );
    assert.deepEqual(
      (await play(all(sdk.galleryImages.listByGallery('fresh', 'shelf')))).map(({ name }) => name),
      ['site'],
    );
  });

  it('ends the operation when every region has it, and shows progress by region meanwhile', async () => {
    const { play } = open();
    const work = publish('2.0.0', version(imageId('baked'), 'Korea Central', 'japaneast'));
    await stage.pass(40_000);
    const midway = await get('2.0.0');
    assert.equal(midway.provisioningState, 'Creating');
    assert.equal(midway.replicationStatus?.aggregatedState, 'InProgress');
    for (const { progress = 0, state } of midway.replicationStatus?.summary ?? []) {
      assert.equal(progress > 10 && progress < 100, true, String(progress));
      assert.equal(state, 'Replicating');
    }
    const done = await play(work);
    assert.equal(done.provisioningState, 'Succeeded');
    const status = (await get('2.0.0')).replicationStatus;
    assert.deepEqual(
      status?.summary?.map(({ region, state, progress }) => [region, state, progress]),
      [
        ['Korea Central', 'Completed', 100],
        ['japaneast', 'Completed', 100],
      ],
    );
  });

  it('takes the older shape that Packer 1.6 sends', async () => {
    open();
    const source = { managedImage: { id: imageId('baked') } };
    const older = `${definition}/versions/2.0.0?api-version=2019-03-01`;
    const answer = stage.call('PUT', older, {
      location: 'koreacentral',
      properties: { publishingProfile: { source, targetRegions: [{ name: 'koreacentral' }] } },
    });
    assert.equal(answer.status, 201);
    const { publishingProfile, storageProfile } = object(bodyOf(answer)['properties']);
    assert.deepEqual([object(publishingProfile)['source'], object(storageProfile)['source']], [source, undefined]);
    await stage.pass(200_000);
    const [kept] = [...stage.world.compute.versions.values()].filter(({ name }) => name === '2.0.0');
    assert.deepEqual([kept?.disk, kept?.sourceId], [{ content: 'baked' }, imageId('baked')]);
  });

  it('knows no storage type but Azure’s', () => {
    open();
    const targetRegions = [{ name: 'koreacentral', storageAccountType: 'Previum_LRS' }];
    const properties = { storageProfile: { source: { id: imageId('baked') } }, publishingProfile: { targetRegions } };
    assertRefused(put('2.0.0', properties), 400, 'InvalidParameter', /'Previum_LRS'/);
  });

  it('refuses another source for the same number, in the operation', async () => {
    const { play } = open();
    await play(publish('2.0.0', version(imageId('baked'))));
    addImage('other');
    const failure = await play(publish('2.0.0', version(imageId('other'))).catch((error) => error));
    assert.match(failure.message, /PropertyChangeNotAllowed.*storageProfile\.source\.id' is not allowed/);
    assert.equal((await get('2.0.0')).storageProfile?.source?.id, imageId('baked'));
  });

  for (const [switched, status] of [
    ['succeeds', 200],
    ['refused', 409],
  ] as const)
    it(`answers ${status} to the same number and source again when the switch says ${switched}`, async () => {
      const { play } = open({ galleryVersionPutTwice: switched });
      await play(publish('2.0.0', version(imageId('baked'))));
      assert.equal(put('2.0.0', { storageProfile: { source: { id: imageId('baked') } } }).status, status);
    });

  it('replicates to new regions and gives up those that are no longer named', async () => {
    const { play, sdk } = open();
    await play(publish('2.0.0', version(imageId('baked'), 'koreacentral', 'japaneast')));
    const update = {
      storageProfile: {},
      publishingProfile: { targetRegions: [{ name: 'koreacentral' }, { name: 'eastus' }] },
    };
    await play(sdk.galleryImageVersions.update('images', 'gallery', 'web', '2.0.0', update));
    assert.deepEqual(
      (await get('2.0.0')).replicationStatus?.summary?.map(({ region }) => region),
      ['koreacentral', 'eastus'],
    );
  });

  it('keeps a region that the safety profile protects', async () => {
    const { play } = open();
    await play(
      publish('2.0.0', {
        ...version(imageId('baked'), 'koreacentral', 'japaneast'),
        safetyProfile: { allowDeletionOfReplicatedLocations: false },
      }),
    );
    assertRefused(
      put('2.0.0', { publishingProfile: { targetRegions: [{ name: 'koreacentral' }] } }),
      409,
      'OperationNotAllowed',
      /japaneast/,
    );
  });

  it('refuses a source that is missing, elsewhere, or of another kind than the definition', () => {
    open();
    addImage('far', { location: 'eastus' });
    addImage('windows', { osType: 'Windows' });
    addImage('old', { hyperVGeneration: 'V1' });
    const from = (name: string) => put('2.0.0', { storageProfile: { source: { id: imageId(name) } } });
    assertRefused(from('none'), 404, 'NotFound', /images\/none/);
    assertRefused(from('far'), 404, 'NotFound', /images\/far is not found.*same region/);
    assertRefused(from('windows'), 400, 'InvalidParameter', /different OS type \['Windows'\]/);
    assertRefused(from('old'), 400, 'InvalidParameter', /different Hypervisor generation \['V1'\]/);
  });

  it('refuses a wrong version name, a missing definition, and a second write while one is open', () => {
    open();
    const properties = { storageProfile: { source: { id: imageId('baked') } } };
    for (const name of ['latest', '1.2', '1.2.x', '1.2.3.4', '1.2.2147483648'])
      assertRefused(put(name, properties), 400, 'InvalidParameter');
    const other = stage.call('PUT', `${definition}2/versions/1.0.0`, { location: 'koreacentral', properties });
    assertRefused(other, 404, 'ParentResourceNotFound');
    assert.equal(put('2.0.0', properties).status, 201);
    assertRefused(put('2.0.0', properties), 409, 'Conflict');
  });

  it('refuses another replication mode or storage type, in the operation', async () => {
    const { play } = open();
    await play(publish('2.0.0', version(imageId('baked'), 'koreacentral')));
    const change = (publishingProfile: object) =>
      play(publish('2.0.0', { ...version(imageId('baked')), publishingProfile }).catch((error) => error));
    assert.match((await change({ replicationMode: 'Shallow' })).message, /replicationMode' is not allowed/);
    const targetRegions = [{ name: 'koreacentral', storageAccountType: 'Premium_LRS' }];
    assert.match((await change({ targetRegions })).message, /storageAccountType' is not allowed/);
  });

  it('publishes from another version', async () => {
    const { play, world } = open();
    const first = [...world.compute.versions.values()][0];
    assert.ok(first);
    await play(publish('2.0.0', version(first.id)));
    assert.deepEqual(world.compute.versions.get(first.id.toLowerCase().replace('1.0.0', '2.0.0'))?.disk, first.disk);
  });

  it('deletes versions, though not before a protected end of life, and parents only when empty', async () => {
    const { play, sdk, call } = open();
    const held = {
      ...version(imageId('baked')),
      publishingProfile: { endOfLifeDate: new Date('2026-06-01') },
      safetyProfile: { blockDeletionBeforeEndOfLife: true },
    };
    await play(publish('2.0.0', held));
    assertRefused(call('DELETE', `${definition}/versions/2.0.0`), 409, 'OperationNotAllowed', /end of life/);
    assertRefused(call('DELETE', definition), 409, 'CannotDeleteResource', /nested resources/);
    await play(sdk.galleryImageVersions.delete('images', 'gallery', 'web', '1.0.0'));
    assert.equal(call('GET', `${definition}/versions/1.0.0`).status, 404);
    assert.equal(call('DELETE', `${definition}/versions/1.0.0`).status, 204);
  });

  it('keeps what an image definition is', async () => {
    const { call } = open();
    const answer = call('PUT', definition, { location: 'koreacentral', properties: { osType: 'Windows' } });
    assertRefused(answer, 409, 'PropertyChangeNotAllowed', /osType/);
    const twin = call('PUT', `${definition}2`, {
      location: 'koreacentral',
      properties: {
        osType: 'Linux',
        osState: 'Generalized',
        identifier: { publisher: 'phoenix', offer: 'gallery', sku: 'web' },
      },
    });
    assertRefused(twin, 400, 'InvalidParameter', /in use/);
    assertRefused(
      call('PUT', `${definition}3`, { location: 'koreacentral', properties: {} }),
      400,
      'InvalidParameter',
      /osType/,
    );
  });

  describe('managed images', () => {
    const vm = `/subscriptions/${testSubscription}/resourceGroups/images/providers/Microsoft.Compute/virtualMachines/builder`;
    const path = 'resourceGroups/images/providers/Microsoft.Compute/images/fresh';
    const addMachine = (change: object) => {
      const machine = {
        id: vm,
        name: 'builder',
        location: 'koreacentral',
        osType: 'Linux',
        hyperVGeneration: 'V2',
        power: 'deallocated',
        generalized: true,
        parts: { networkInterfaces: [], osDisk: { id: `${vm}-disk`, name: 'builder-disk', deleteOption: 'Detach' } },
      };
      stage.world.resources.virtualMachines.set(vm.toLowerCase(), { ...machine, ...change } as never);
      stage.world.machines.create(
        { id: vm.toLowerCase(), name: 'builder', disk: { content: 'what was baked' } },
        () => {},
      );
    };
    const capture = () =>
      stage.call('PUT', path, {
        location: 'koreacentral',
        properties: { sourceVirtualMachine: { id: vm }, hyperVGeneration: 'V2' },
      });

    it('keeps the disk of a deallocated, generalized machine', async () => {
      const { sdk, play, world } = open();
      addMachine({});
      const body = { location: 'koreacentral', sourceVirtualMachine: { id: vm } };
      const image = await play(sdk.images.createOrUpdate('images', 'fresh', body));
      assert.deepEqual([image.provisioningState, image.storageProfile?.osDisk?.osType], ['Succeeded', 'Linux']);
      assert.deepEqual(world.compute.images.get(imageId('fresh').toLowerCase())?.disk, { content: 'what was baked' });
      await play(sdk.images.delete('images', 'fresh'));
      assert.equal(stage.call('GET', path).status, 404);
    });

    it('can be left out: a version takes the disk of such a machine itself', async () => {
      const { play, world } = open();
      addMachine({});
      const source = { location: 'koreacentral', storageProfile: { source: { virtualMachineId: vm } } };
      await play(publish('2.0.0', source));
      const [kept] = [...world.compute.versions.values()].filter(({ name }) => name === '2.0.0');
      assert.deepEqual([kept?.disk, kept?.provisioningState], [{ content: 'what was baked' }, 'Succeeded']);
    });

    it('refuses a machine that runs, is not generalized, or is not there', () => {
      open();
      assertRefused(capture(), 404, 'ResourceNotFound', /virtualMachines\/builder/);
      addMachine({ power: 'running' });
      assertRefused(capture(), 409, 'OperationNotAllowed', /deallocated/);
      addMachine({ generalized: false });
      assertRefused(capture(), 409, 'OperationNotAllowed', /generalized/);
    });

    it('can be listed, by group and in the subscription', () => {
      const { call } = open();
      const names = (where: string) =>
        (bodyOf(call('GET', where))['value'] as { name: string }[]).map(({ name }) => name);
      assert.deepEqual(names('providers/Microsoft.Compute/images'), ['baked']);
      assert.deepEqual(names('resourceGroups/images/providers/Microsoft.Compute/images'), ['baked']);
    });
  });
});
