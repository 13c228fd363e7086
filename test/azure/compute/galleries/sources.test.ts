import assert from 'node:assert/strict';
import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, list, object } from '../../core/json.ts';
import type { Settings } from '../../core/settings.ts';
import { addVhd } from '../../resources/disks/vhds.ts';
import { addGalleryVersion, addGroup, addScaleSet, testSubscription } from '../builders.ts';
import { addDisk } from '../images/builders.ts';
import { addPublicVersion } from '../images/marketplace.ts';
import { assertRefused, bodyOf, openStage, type Stage } from '../support.ts';
import { failReplication } from './replication.ts';

const compute = 'resourceGroups/images/providers/Microsoft.Compute';
const definition = `${compute}/galleries/gallery/images/web`;
const id = (path: string) => `/subscriptions/${testSubscription}/${compute}/${path}`;
const vhd = 'https://store.blob.core.windows.net/images/os.vhd';
const community = '/CommunityGalleries/public-1/Images/web/Versions';

describe('gallery versions from every source', () => {
  let stage: Stage;
  afterEach(() => stage.close());
  const open = (settings: Partial<Settings> = {}) => {
    stage = openStage({ rateLimits: false, replicationMs: 100_000, ...settings });
    addGalleryVersion(stage.world, { version: '1.0.0', content: 'one' });
    addGalleryVersion(stage.world, { version: '3.0.0', gallery: 'other', group: 'elsewhere', content: 'three' });
    addGroup(stage.world, 'images');
    addDisk(stage.world, id('disks/os'));
    addDisk(stage.world, id('snapshots/shot'));
    addVhd(stage.world, vhd, { content: { content: 'blob' } });
    addPublicVersion(stage.world, `${community}/4.0.0`, ['koreacentral'], 'community');
    addMachine();
    return stage;
  };
  const addMachine = () => {
    const key = keyOf(id('virtualMachines/builder'));
    const machine = {
      id: id('virtualMachines/builder'),
      location: 'koreacentral',
      osType: 'Linux',
      hyperVGeneration: 'V2',
      generalized: true,
    };
    stage.world.resources.virtualMachines.set(key, machine as never);
    stage.world.machines.create({ id: key, name: 'builder', disk: { content: 'machine' } }, () => {});
  };
  const put = (name: string, properties: Json, version = '2024-03-03') =>
    stage.call('PUT', `${definition}/versions/${name}?api-version=${version}`, {
      location: 'koreacentral',
      properties,
    });
  const whole = (source: Json): Json => ({ storageProfile: { source } });
  const osDisk = (source: Json, dataDiskImages: readonly Json[] = []): Json => ({
    storageProfile: { osDiskImage: { source }, dataDiskImages },
  });
  const kept = (name: string) =>
    stage.world.compute.versions.get(keyOf(id(`galleries/gallery/images/web/versions/${name}`)));
  const status = (name: string) => {
    const answer = stage.call('GET', `${definition}/versions/${name}?api-version=2024-03-03&$expand=ReplicationStatus`);
    return object(at(answer.body, 'properties', 'replicationStatus'));
  };
  const ending = (answer: ReturnType<typeof put>) =>
    bodyOf(stage.callAt('GET', new URL(answer.headers?.['Azure-AsyncOperation'] ?? ''), ''));

  const accountId = '/subscriptions/s/resourceGroups/storage/providers/Microsoft.Storage/storageAccounts/store';
  const sources: readonly (readonly [string, Json, string, string])[] = [
    [
      'a version of another gallery',
      whole({ id: id('galleries/other/images/web/versions/3.0.0').replace('/images/p', '/elsewhere/p') }),
      'three',
      '2024-03-03',
    ],
    [
      'a machine, by its own member',
      whole({ virtualMachineId: id('virtualMachines/builder') }),
      'machine',
      '2023-07-03',
    ],
    ['a machine, as a source like others', whole({ id: id('virtualMachines/builder') }), 'machine', '2024-03-03'],
    ['a disk', osDisk({ id: id('disks/os') }), 'os', '2024-03-03'],
    ['a snapshot', osDisk({ id: id('snapshots/shot') }), 'shot', '2024-03-03'],
    ['a blob with its storage account', osDisk({ uri: vhd, storageAccountId: accountId }), 'blob', '2024-03-03'],
    ['a community image', whole({ communityGalleryImageId: `${community}/4.0.0` }), 'community', '2024-03-03'],
  ];
  for (const [name, properties, content, version] of sources)
    it(`are published from ${name}`, async () => {
      open();
      const answer = put('2.0.0', properties, version);
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      assert.match(answer.headers?.['Azure-AsyncOperation'] ?? '', /\/locations\/koreacentral\/capsOperations\//);
      await stage.pass(200_000);
      const shown = stage.call('GET', `${definition}/versions/2.0.0?api-version=2024-03-03`);
      assert.deepEqual([kept('2.0.0')?.disk?.content, kept('2.0.0')?.provisioningState], [content, 'Succeeded']);
      const source = (body: unknown) => at(body, 'storageProfile', 'source');
      assert.deepEqual(source(at(shown.body, 'properties')), source(properties));
    });

  const two = 'One and only one source type';
  const refusals: readonly {
    readonly name: string;
    readonly properties: Json;
    readonly words: string;
    readonly version?: string;
    readonly code?: string;
  }[] = [
    { name: 'no source', properties: whole({}), words: two },
    {
      name: 'two sources',
      properties: {
        storageProfile: { source: { id: id('images/x') }, osDiskImage: { source: { id: id('disks/os') } } },
      },
      words: two,
    },
    {
      name: 'a machine by its own member before 2023-07-03',
      properties: whole({ virtualMachineId: id('virtualMachines/builder') }),
      version: '2019-03-01',
      words: two,
    },
    { name: 'a disk as a whole', properties: whole({ id: id('disks/os') }), words: 'must either be a managed image' },
    {
      name: 'an image as a disk',
      properties: osDisk({ id: id('images/x') }),
      words: 'must be a managed disk or snapshot',
    },
    {
      name: 'a snapshot that is not there',
      properties: osDisk({ id: id('snapshots/none') }),
      words: 'is not found',
      code: 'NotFound',
    },
    { name: 'a blob without its account', properties: osDisk({ uri: vhd }), words: 'storageAccountId' },
    {
      name: 'a blob that is not there',
      properties: osDisk({ uri: `${vhd}x`, storageAccountId: accountId }),
      words: 'not found',
    },
    {
      name: 'a community image that is not public here',
      properties: whole({ communityGalleryImageId: `${community}/5.0.0` }),
      words: 'not available',
      code: 'GalleryImageNotFound',
    },
    {
      name: 'two data disks at one LUN',
      properties: osDisk(
        { id: id('disks/os') },
        [0, 0].map((lun, index) => ({ lun, source: { id: id(`disks/d${index}`) } })),
      ),
      words: 'Duplicated lun',
    },
    {
      name: 'one disk twice',
      properties: osDisk({ id: id('disks/os') }, [{ lun: 0, source: { id: id('disks/os') } }]),
      words: 'Duplicated source ids',
    },
    {
      name: 'one blob twice',
      properties: osDisk({ uri: vhd, storageAccountId: accountId }, [{ lun: 0, source: { uri: vhd } }]),
      words: 'cannot point to same blob',
    },
    {
      name: 'a data disk that is not there',
      properties: osDisk({ id: id('disks/os') }, [{ lun: 0, source: { id: id('disks/none') } }]),
      words: 'none',
      code: 'ResourceNotFound',
    },
    {
      name: 'a disk of another generation',
      properties: osDisk({ id: id('disks/old') }),
      words: 'different Hypervisor generation',
    },
    {
      name: 'a machine that is not generalized',
      properties: whole({ virtualMachineId: id('virtualMachines/builder') }),
      words: 'is not Specialized',
    },
  ];
  for (const { name, properties, words, version, code = 'InvalidParameter' } of refusals)
    it(`are refused with ${name}`, () => {
      open();
      addDisk(stage.world, id('disks/old'), { hyperVGeneration: 'V1' });
      const machine = stage.world.resources.virtualMachines.get(keyOf(id('virtualMachines/builder')));
      if (words === 'is not Specialized') Object.assign(machine ?? {}, { generalized: false });
      assertRefused(
        put('2.0.0', properties, version),
        code === 'InvalidParameter' ? 400 : 404,
        code,
        new RegExp(words),
      );
    });

  describe('into regions', () => {
    const from = (publishingProfile: Json): Json => ({ ...osDisk({ id: id('snapshots/shot') }), publishingProfile });
    const regions = (...names: string[]): Json => ({ targetRegions: names.map((name) => ({ name })) });

    it('that fail end the operation and the version so; the others have it; trying again mends it', async () => {
      open();
      failReplication(stage.world, 'Japan East', 'The storage of the region is full.');
      const answer = put('2.0.0', from(regions('koreacentral', 'japaneast')));
      assert.equal(status('2.0.0')['aggregatedState'], 'InProgress');
      await stage.pass(200_000);
      assert.equal(at(ending(answer), 'error', 'code'), 'GalleryImageVersionReplicationFailed');
      assert.match(JSON.stringify(ending(answer)), /storage of the region is full/);
      assert.equal(kept('2.0.0')?.provisioningState, 'Failed');
      assert.deepEqual(status('2.0.0'), {
        aggregatedState: 'Failed',
        summary: [
          { region: 'koreacentral', state: 'Completed', details: '', progress: 100 },
          { region: 'japaneast', state: 'Failed', details: 'The storage of the region is full.', progress: 0 },
        ],
      });
      const image = { id: `${id('galleries/gallery/images/web')}/versions/2.0.0` };
      const set = (location: string) =>
        stage.call('PUT', `${compute}/virtualMachineScaleSets/${location}`, {
          location,
          sku: { name: 'Standard_D2s_v5', capacity: 0 },
          properties: { virtualMachineProfile: { storageProfile: { imageReference: image } } },
        });
      assertRefused(set('japaneast'), 404, 'GalleryImageNotFound', /japaneast/);
      assert.equal(set('koreacentral').status, 201);
      failReplication(stage.world, 'japaneast');
      const again = put('2.0.0', from(regions('koreacentral', 'japaneast')));
      await stage.pass(200_000);
      assert.deepEqual([ending(again)['status'], status('2.0.0')['aggregatedState']], ['Succeeded', 'Completed']);
    });

    it('are not known before the source has been read', () => {
      open();
      put('2.0.0', whole({ virtualMachineId: id('virtualMachines/builder') }));
      assert.deepEqual(status('2.0.0'), { aggregatedState: 'Unknown', summary: [] });
    });

    it('name each once, and their own', () => {
      open();
      assertRefused(
        put('2.0.0', from(regions('koreacentral', 'Korea Central'))),
        400,
        'InvalidParameter',
        /Duplicate regions/,
      );
      assertRefused(
        put('2.0.0', from(regions('japaneast'))),
        400,
        'InvalidParameter',
        /must contain the location of image version koreacentral/,
      );
    });

    const hundred = (count: number): Json => ({
      targetRegions: [{ name: 'koreacentral', regionalReplicaCount: count }],
    });
    for (const [count, fits] of [
      [100, true],
      [101, false],
      [0, false],
      [1.5, false],
    ] as const)
      it(`${fits ? 'have' : 'never have'} ${count} replicas`, () => {
        open();
        const answer = put('2.0.0', from(hundred(count)));
        if (fits) assert.equal(answer.status, 201);
        else assertRefused(answer, 400, 'InvalidParameter', /between 1 and 100, inclusive/);
      });

    it('have a hundred replicas together, or what the setting says', () => {
      open({ galleryReplicaLimit: 3 });
      const targetRegions = ['koreacentral', 'japaneast'].map((name) => ({ name, regionalReplicaCount: 2 }));
      assertRefused(put('2.0.0', from({ targetRegions })), 400, 'InvalidParameter', /value 4 .*between 1 and 3/);
    });

    for (const [shallowRegions, expected] of [
      ['own', 400],
      ['any', 201],
    ] as const)
      it(`of a shallow version: others are answered ${expected} when the switch says ${shallowRegions}`, () => {
        open({ shallowRegions });
        const replicationMode = 'Shallow';
        assert.equal(put('2.0.0', from({ replicationMode, ...regions('koreacentral', 'japaneast') })).status, expected);
        assert.equal(put('2.0.1', from({ replicationMode, replicaCount: 2 })).status, expected);
      });

    it('of a shallow version are ready at once', async () => {
      open();
      const answer = put('2.0.0', from({ replicationMode: 'Shallow' }));
      await stage.pass(5_000);
      assert.equal(ending(answer)['status'], 'Succeeded');
    });
  });

  it('fit into the limits of a subscription and region, whatever they are set to', () => {
    open({ galleryLimit: 2, galleryDefinitionLimit: 2, galleryVersionLimit: 2 });
    const identifier = { publisher: 'a', offer: 'b', sku: 'c' };
    const properties = { osType: 'Linux', osState: 'Generalized', identifier };
    const writes = [
      stage.call('PUT', `${compute}/galleries/more?api-version=2024-03-03`, { location: 'koreacentral' }),
      stage.call('PUT', `${definition}-more?api-version=2024-03-03`, { location: 'koreacentral', properties }),
      put('2.0.0', osDisk({ id: id('disks/os') })),
    ];
    for (const answer of writes)
      assertRefused(answer, 409, 'OperationNotAllowed', /The limit of 2 \w+ a subscription has been reached/);
    assert.equal(
      stage.call('PUT', `${compute}/galleries/more?api-version=2024-03-03`, { location: 'eastus' }).status,
      201,
    );
  });

  it('let features of a definition change only when it is said, and keep a date that is past', async () => {
    open();
    const features = [{ name: 'SecurityType', value: 'TrustedLaunch' }];
    const { osType, osState, identifier } = object(
      stage.world.compute.definitions.get(keyOf(id('galleries/gallery/images/web')))?.properties,
    );
    const patch = (properties: Json) =>
      stage.call('PATCH', `${definition}?api-version=2024-03-03`, {
        properties: { osType, osState, identifier, ...properties },
      });
    assertRefused(patch({ features }), 409, 'PropertyChangeNotAllowed', /features/);
    assert.equal(patch({ features, allowUpdateImage: true, endOfLifeDate: '2025-01-01T00:00:00Z' }).status, 200);
    await stage.pass(5_000);
    assert.equal(put('2.0.0', osDisk({ id: id('disks/os') })).status, 201);
  });

  it('make and delete galleries and definitions by operations of their own', async () => {
    open();
    const path = `${compute}/galleries/fresh?api-version=2025-03-03`;
    const made = stage.call('PUT', path, { location: 'Korea Central' });
    assert.deepEqual([made.status, at(made.body, 'properties', 'provisioningState')], [201, 'Creating']);
    assert.match(made.headers?.['Azure-AsyncOperation'] ?? '', /\/locations\/koreacentral\/capsOperations\//);
    await stage.pass(5_000);
    assert.equal(at(bodyOf(stage.call('GET', path)), 'properties', 'provisioningState'), 'Succeeded');
    assert.equal(stage.call('PATCH', path, { tags: { a: 'b' } }).status, 200);
    await stage.pass(5_000);
    assert.deepEqual(bodyOf(stage.call('GET', path))['tags'], { a: 'b' });
    const gone = stage.call('DELETE', path);
    assert.equal(gone.status, 202);
    assert.equal(at(bodyOf(stage.call('GET', path)), 'properties', 'provisioningState'), 'Deleting');
    await stage.pass(5_000);
    assert.deepEqual([stage.call('GET', path).status, stage.call('DELETE', path).status], [404, 204]);
  });

  it('that a set uses may be deleted: its machines run on, scale-out and reimage fail', async () => {
    const { world, sdk, play } = open();
    addScaleSet(world, { name: 'shop', image: id('galleries/gallery/images/web/versions/1.0.0'), capacity: 2 });
    await play(sdk.galleryImageVersions.delete('images', 'gallery', 'web', '1.0.0'));
    const failure = (work: Promise<unknown>) => play(work.catch((error: Error) => error.message)).then(String);
    const grown = await failure(sdk.virtualMachineScaleSets.update('web', 'shop', { sku: { capacity: 3 } }));
    assert.match(grown, /GalleryImageNotFound/);
    const reimaged = await failure(
      sdk.virtualMachineScaleSets.reimage('web', 'shop', { vmScaleSetReimageInput: { instanceIds: ['0'] } }),
    );
    assert.match(reimaged, /GalleryImageNotFound/);
    const view = await play(sdk.virtualMachineScaleSetVMs.getInstanceView('web', 'shop', '1'));
    assert.equal(
      list(view.statuses).some((each) => at(each, 'code') === 'PowerState/running'),
      true,
    );
  });
});
