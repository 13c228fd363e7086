import assert from 'node:assert/strict';
import type { GalleryVersion, Replica } from '../../tasks/common/azure/gallery.ts';
import { overallPercent, replicationNews } from '../../tasks/PublishGalleryVersion/replication-story.ts';

const replica = (region: string, percent: number, state = 'Replicating'): Replica => ({
  region,
  state,
  percent,
  details: '',
});
const version = (...replicas: readonly Replica[]): GalleryVersion => ({
  id: '',
  state: 'Creating',
  sourceId: '',
  regions: [{ name: 'a' }, { name: 'b' }],
  excludeFromLatest: false,
  replicas,
  raw: { location: 'a' },
});

describe('the story of a replication', () => {
  it('tells each region once, and again when it has moved on by a fifth or changed its state', () => {
    const first = replicationNews(new Map(), version(replica('a', 0), replica('b', 41)));
    assert.deepEqual(first.news, ['a: Replicating', 'b: Replicating 41 %']);
    const second = replicationNews(first.said, version(replica('a', 19), replica('b', 60)));
    assert.deepEqual(second.news, ['b: Replicating 60 %']);
    const third = replicationNews(second.said, version(replica('a', 100, 'Completed'), replica('b', 61)));
    assert.deepEqual(third.news, ['a: Completed']);
  });

  it('counts a region without news as not begun', () => {
    assert.equal(overallPercent(version(replica('a', 100, 'Completed'))), 50);
    assert.equal(overallPercent(version()), 0);
  });
});
