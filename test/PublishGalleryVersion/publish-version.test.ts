import assert from 'node:assert/strict';
import { parseRegions } from '../../tasks/common/azure/gallery-regions.ts';
import { systemClock } from '../../tasks/common/clock.ts';
import type { PublishRequest } from '../../tasks/PublishGalleryVersion/inputs.ts';
import { publishVersion } from '../../tasks/PublishGalleryVersion/publish-version.ts';
import { publishSummary } from '../../tasks/PublishGalleryVersion/summary.ts';
import { addGalleryVersion } from '../azure/compute/builders.ts';
import type { Call } from '../azure/core/http.ts';
import { openRehearsal, type Rehearsal } from '../support/rehearsal.ts';
import { addImage, publishRequest } from './publish-request.ts';

describe('publishVersion', () => {
  let rehearsal: Rehearsal;
  let source = '';
  let lines: string[] = [];
  let calls: Call[] = [];
  let cancel = new AbortController();
  beforeEach(() => {
    rehearsal = openRehearsal();
    lines = [];
    calls = [];
    cancel = new AbortController();
    addGalleryVersion(rehearsal.world, { version: '0.9.0' }); // brings gallery and definition along
    source = addImage(rehearsal.world, 'web-1');
    rehearsal.world.observers.push((call) => calls.push(call));
  });
  afterEach(() => rehearsal.close());

  const request = (
    changes: { version?: string; source?: string; regions?: readonly string[] } & Partial<
      Pick<PublishRequest, 'excludeFromLatest' | 'timeoutInMinutes'>
    > = {},
  ): PublishRequest => {
    const { cloud } = rehearsal.tools().azure;
    const base = publishRequest(cloud, changes.source ?? source);
    return {
      ...base,
      version: { ...base.version, version: changes.version ?? '1.0.0' },
      regions: parseRegions('targetRegions', changes.regions ?? []),
      excludeFromLatest: changes.excludeFromLatest ?? false,
      timeoutInMinutes: changes.timeoutInMinutes ?? 60,
    };
  };
  const publish = (...changes: Parameters<typeof request>) => {
    const log = {
      line: (text: string) => void lines.push(text),
      warning: (text: string) => void lines.push(`warning: ${text}`),
      debug: () => {},
      group: <T>(_: string, body: () => T) => body(),
    };
    const agent = { log, progress: () => {}, cancelled: cancel.signal };
    return rehearsal.play(
      publishVersion(request(...changes), { azure: rehearsal.tools().azure, clock: systemClock, agent }),
    );
  };
  const writes = () => calls.filter(({ method, url }) => method !== 'GET' && url.hostname === 'management.azure.com');
  const stored = (version = '1.0.0') =>
    [...rehearsal.world.compute.versions.values()].find(({ name }) => name === version);
  const regionsOf = (version?: string) => [...(stored(version)?.replicas.keys() ?? [])];

  it('brings a managed image to every region and returns when it is there', async () => {
    const published = await publish({
      regions: ['koreacentral=2,Standard_ZRS', 'Japan East'],
      excludeFromLatest: true,
    });
    assert.deepEqual(published.regions, ['koreacentral', 'japaneast']);
    assert.equal(stored()?.provisioningState, 'Succeeded');
    assert.deepEqual(JSON.parse(writes()[0]?.body ?? '').properties, {
      publishingProfile: {
        targetRegions: [
          { name: 'koreacentral', regionalReplicaCount: 2, storageAccountType: 'Standard_ZRS' },
          { name: 'japaneast' },
        ],
        excludeFromLatest: true,
      },
      storageProfile: { source: { id: source } },
      safetyProfile: { allowDeletionOfReplicatedLocations: false },
    });
    assert.match(lines.join('\n'), /japaneast: Replicating[\s\S]*japaneast: Completed/);
    assert.match(publishSummary(request(), published), /\| Regions \| koreacentral, japaneast \|/);
  });

  it('takes the source’s region when none is named, and adds it when others are', async () => {
    await publish();
    assert.deepEqual(regionsOf(), ['koreacentral']);
    await publish({ version: '1.0.1', regions: ['japaneast'] });
    assert.deepEqual(regionsOf('1.0.1'), ['koreacentral', 'japaneast']);
  });

  it('does nothing when the version is there with the same source', async () => {
    await publish({ regions: ['japaneast'] });
    calls = [];
    const again = await publish();
    assert.deepEqual(writes(), []);
    assert.deepEqual(again.done, []);
    assert.deepEqual(again.regions, ['koreacentral', 'japaneast']);
  });

  it('adds the regions that are missing, keeps the others, and leaves the rest of the profile', async () => {
    await publish({ regions: ['koreacentral=3', 'japaneast'], excludeFromLatest: true });
    const again = await publish({ regions: ['koreacentral=1', 'eastus'] });
    assert.deepEqual(again.done, ['eastus is added']);
    assert.deepEqual(regionsOf(), ['koreacentral', 'japaneast', 'eastus']);
    const profile = stored()?.properties['publishingProfile'] as {
      targetRegions: readonly unknown[];
      excludeFromLatest: boolean;
    };
    assert.deepEqual(profile.targetRegions[0], { name: 'koreacentral', regionalReplicaCount: 3 });
    assert.equal(profile.excludeFromLatest, true);
    assert.equal(JSON.parse(writes().at(-1)?.body ?? '').properties.publishingProfile.excludeFromLatest, true);
    assert.match(
      lines.join('\n'),
      /koreacentral keeps its 3 replicas[\s\S]*warning: excludeFromLatest .* true and stays/,
    );
  });

  it('refuses a number that another source has, and names both', async () => {
    await publish();
    const other = addImage(rehearsal.world, 'web-2');
    calls = [];
    await assert.rejects(publish({ source: other }), {
      code: 'VersionTaken',
      message: /images\/web-1, not of .*images\/web-2/,
    });
    assert.deepEqual(writes(), []);
  });

  it('copies another version', async () => {
    await publish();
    await publish({ version: '2.0.0', source: stored()?.id ?? '' });
    assert.equal(stored('2.0.0')?.sourceId, stored()?.id);
  });

  it('goes on waiting for what an earlier run started', async () => {
    const stopped = publish({ regions: ['japaneast'] });
    setTimeout(() => cancel.abort(), 12_000);
    await assert.rejects(stopped, { code: 'Cancelled', message: /Azure goes on/ });
    cancel = new AbortController();
    calls = [];
    const published = await publish({ regions: ['japaneast'] });
    assert.deepEqual(writes(), []);
    assert.deepEqual(published.regions, ['koreacentral', 'japaneast']);
  });

  it('looks the version up when the answer to its write is lost, and does not write again', async () => {
    rehearsal.world.faults.add({ on: 'PUT …/versions/1.0.0', times: 1, effect: 'applied' });
    await publish();
    assert.equal(writes().length, 1);
    assert.match(lines.join('\n'), /looking at the version again/);
  });

  it('does not write again while the version does not show yet', async () => {
    rehearsal.world.faults.add({
      on: 'GET …/versions/1.0.0',
      times: 4,
      effect: 'none',
      reply: { status: 404, body: { error: { code: 'NotFound', message: 'not there' } } },
    });
    await publish();
    assert.equal(writes().length, 1);
  });

  describe('when Azure can’t be asked any more once it has accepted', () => {
    const awayFor = (times: number) => {
      let written = false;
      rehearsal.world.observers.push(({ method }) => {
        if (method !== 'PUT' || written) return;
        written = true;
        const reply = { status: 503, body: '' };
        rehearsal.world.faults.add({ on: 'GET …/versions/1.0.0', times, effect: 'none', reply });
      });
    };

    it('goes on waiting', async () => {
      awayFor(12);
      await publish();
      assert.equal(stored()?.provisioningState, 'Succeeded');
      assert.match(lines.join('\n'), /could not be seen, looking again: .*503/);
    });

    it('ends when its time is over', async () => {
      awayFor(1_000);
      await assert.rejects(publish({ timeoutInMinutes: 5 }), { code: 'AzureUnavailable' });
    });
  });

  it('does not wait for a version that it could not see at all', async () => {
    const reply = { status: 503, body: '' };
    rehearsal.world.faults.add({ on: 'GET …/versions/1.0.0', times: 5, effect: 'none', reply });
    await assert.rejects(publish(), { code: 'AzureUnavailable' });
    assert.deepEqual(writes(), []);
  });

  it('says what is missing when its time is over', async () => {
    const settings = { replicationMs: 10 * 3_600_000 };
    rehearsal.close();
    rehearsal = openRehearsal(settings);
    addGalleryVersion(rehearsal.world, { version: '0.9.0' });
    source = addImage(rehearsal.world, 'web-1');
    await assert.rejects(publish({ timeoutInMinutes: 5 }), {
      code: 'DeadlineExceeded',
      message: /after 5 minutes; missing: koreacentral \(Replicating/,
      hint: /Run the task again/,
    });
  });

  it('fails with the region and the reason when a replica fails', async () => {
    const properties = {
      provisioningState: 'Succeeded',
      publishingProfile: { targetRegions: [{ name: 'koreacentral' }] },
      storageProfile: { source: { id: source } },
      replicationStatus: {
        summary: [{ region: 'Korea Central', state: 'Failed', details: 'no storage left', progress: 3 }],
      },
    };
    rehearsal.world.faults.add({
      on: 'GET …/versions/1.0.0',
      times: 9,
      effect: 'none',
      reply: { status: 200, body: { properties } },
    });
    await assert.rejects(publish(), { code: 'ReplicationFailed', message: /koreacentral \(no storage left\)/ });
  });

  const refusals = [
    {
      name: 'a definition for another system',
      image: { osType: 'Windows' },
      code: 'SourceDoesNotFit',
      says: /operating system is Windows/,
    },
    {
      name: 'another generation',
      image: { hyperVGeneration: 'V1' },
      code: 'SourceDoesNotFit',
      says: /generation is V1/,
    },
    {
      name: 'an image that is not done',
      image: { provisioningState: 'Creating' },
      code: 'SourceNotReady',
      says: /is Creating/,
    },
  ] as const;
  for (const { name, image, code, says } of refusals)
    it(`refuses ${name} before it writes`, async () => {
      const odd = addImage(rehearsal.world, 'odd', image);
      await assert.rejects(publish({ source: odd }), { code, message: says });
      assert.deepEqual(writes(), []);
    });

  it('says which of gallery, definition and source is missing', async () => {
    await assert.rejects(publish({ source: source.replace('web-1', 'gone') }), {
      code: 'SourceImageNotFound',
      message: /Input "sourceImageId" is ".*gone", but there is no such image\. Azure says: 404/,
    });
    rehearsal.world.compute.definitions.clear();
    await assert.rejects(publish(), {
      code: 'ImageDefinitionNotFound',
      message: /Input "imageDefinitionName" is "web", but there is no such image definition in gallery gallery/,
    });
    rehearsal.world.compute.galleries.clear();
    await assert.rejects(publish(), {
      code: 'GalleryNotFound',
      message: /Input "galleryName" is "gallery", but there is no such gallery in resource group images/,
    });
  });

  it('refuses to publish a version from itself', () =>
    assert.rejects(publish({ version: '0.9.0', source: stored('0.9.0')?.id ?? '' }), { code: 'ContradictoryInputs' }));
});
