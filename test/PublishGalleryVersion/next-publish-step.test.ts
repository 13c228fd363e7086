import assert from 'node:assert/strict';
import type { GalleryVersion } from '../../tasks/common/azure/gallery.ts';
import { nextPublishStep, type PublishStep } from '../../tasks/PublishGalleryVersion/next-publish-step.ts';

const wanted = { sourceId: '/images/web-1', regions: [{ name: 'korea' }, { name: 'japan' }] };

/** `korea:100 japan:40 us:failed`, in this state. */
function version(state: string, picture: string, changes: Partial<GalleryVersion> = {}): GalleryVersion {
  const words = picture
    .split(' ')
    .filter(Boolean)
    .map((word) => word.split(':'));
  const stateOf = (word: string) => (word === 'failed' ? 'Failed' : word === '100' ? 'Completed' : 'Replicating');
  return {
    id: '/versions/1.0.0',
    state,
    sourceId: '/IMAGES/Web-1',
    regions: words.map(([name = '']) => ({ name })),
    excludeFromLatest: false,
    replicas: words
      .filter(([, word]) => word !== undefined)
      .map(([region = '', word = '']) => ({
        region,
        state: stateOf(word),
        percent: Number(word) || 0,
        details: 'no room',
      })),
    raw: { location: 'korea' },
    ...changes,
  };
}

const kinds: readonly { name: string; seen: GalleryVersion | undefined; kind: PublishStep['kind'] }[] = [
  { name: 'creates what is not there', seen: undefined, kind: 'create' },
  {
    name: 'is done when every region has it, whatever the case of its source',
    seen: version('Succeeded', 'korea:100 japan:100'),
    kind: 'done',
  },
  { name: 'waits for a region that is on its way', seen: version('Succeeded', 'korea:100 japan:40'), kind: 'wait' },
  {
    name: 'waits for a region of which Azure says nothing',
    seen: version('Succeeded', 'korea:100 japan'),
    kind: 'wait',
  },
  {
    name: 'waits for a region that somebody else added',
    seen: version('Succeeded', 'korea:100 japan:100 us:1'),
    kind: 'wait',
  },
  {
    name: 'waits while Azure makes it, all replicas or not',
    seen: version('Creating', 'korea:100 japan:100'),
    kind: 'wait',
  },
  {
    name: 'waits for the end of another update before it adds a region',
    seen: version('Updating', 'korea:100'),
    kind: 'wait',
  },
  { name: 'adds a region that is missing', seen: version('Succeeded', 'korea:100'), kind: 'addRegions' },
];

const refusals = [
  {
    name: 'another source, with both',
    seen: version('Succeeded', '', { sourceId: '/images/other' }),
    code: 'VersionTaken',
    says: /\/images\/other, not of \/images\/web-1/,
  },
  {
    name: 'a source that Azure does not name',
    seen: version('Succeeded', '', { sourceId: '' }),
    code: 'VersionTaken',
    says: /does not name/,
  },
  {
    name: 'a failed region, with its reason',
    seen: version('Succeeded', 'korea:100 japan:failed'),
    code: 'ReplicationFailed',
    says: /japan \(no room\)/,
  },
  { name: 'a broken version', seen: version('Failed', ''), code: 'VersionBroken', says: /is Failed/ },
  {
    name: 'one that is being deleted',
    seen: version('Deleting', 'korea:100 japan:100'),
    code: 'VersionBroken',
    says: /is Deleting/,
  },
];

describe('nextPublishStep', () => {
  for (const { name, seen, kind } of kinds) it(name, () => assert.equal(nextPublishStep(seen, wanted).kind, kind));

  it('keeps the regions that are there when it adds one', () => {
    const step = nextPublishStep(version('Succeeded', 'us:100 korea:100'), wanted);
    assert.ok(step.kind === 'addRegions');
    assert.deepEqual(
      step.regions.map(({ name }) => name),
      ['us', 'korea', 'japan'],
    );
  });

  for (const { name, seen, code, says } of refusals)
    it(`refuses ${name}`, () => assert.throws(() => nextPublishStep(seen, wanted), { code, message: says }));
});
