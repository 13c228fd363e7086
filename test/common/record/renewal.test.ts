import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readRecord, writeRecord } from '../../../tasks/common/record/codec.ts';
import { crossedOut, renewalIn, renewalOf, renewalText, seenBy } from '../../../tasks/common/record/renewal.ts';
import type { Node } from '../../../tasks/common/rollout/node.ts';
import { fleet, newImage, oldImage } from '../../support/fleet-picture.ts';
import { record } from '../../support/rollout-record.ts';

/** Nodes as words: `new` and `old`, each with the disk `d<its id>`, but for those that are given another. */
const nodes = (picture: string, disks: Readonly<Record<string, string | undefined>> = {}): readonly Node[] =>
  fleet(picture).nodes.map(({ ...node }) => {
    const disk = node.id in disks ? disks[node.id] : `dd0${node.id}`;
    return disk === undefined ? node : { ...node, disk };
  });
const stale = (all: readonly Node[]) => all.filter((node) => node.stale).map(({ id }) => id);
const renew = renewalOf(nodes('new new old gone new'), newImage);
const forced = { ...record, renew };

describe('what a rollout renews', () => {
  it('is all that runs the target when it begins', () => assert.deepEqual(renew, { 0: 'dd00', 1: 'dd01', 4: 'dd04' }));

  it('is stale until it shows another disk', () => {
    assert.deepEqual(stale(seenBy(forced, nodes('new new old old new'))), ['0', '1', '4']);
    assert.deepEqual(stale(seenBy(forced, nodes('new new old old new', { 1: 'ff01' }))), ['0', '4']);
  });

  it('is not told by a disk that Azure does not show, then or now', () => {
    assert.deepEqual(stale(seenBy(forced, nodes('new new', { 0: undefined }))), ['0', '1']);
    const unknown = renewalOf(nodes('new', { 0: undefined }), newImage);
    assert.deepEqual(stale(seenBy({ ...forced, renew: unknown }, nodes('new'))), ['0']);
  });

  it('is renewed when Azure has said so to this run, whatever its disk shows', () =>
    assert.deepEqual(stale(seenBy(forced, nodes('new new'), new Set(['0']))), ['1']));

  it('does not count a node of another image, one that came later, or without force', () => {
    assert.deepEqual(stale(seenBy(forced, nodes('old new'))), ['1']);
    assert.deepEqual(stale(seenBy({ ...forced, renew: { 1: 'dd01' } }, nodes('new new'))), ['1']);
    assert.deepEqual(stale(seenBy(record, nodes('new new'))), []);
    assert.deepEqual(stale(seenBy({ ...forced, target: oldImage }, nodes('new new'))), []);
  });

  it('is crossed out when it is done, and stays so for a disk that keeps its name', () => {
    const seen = seenBy(forced, nodes('new new old old new', { 1: 'ff01' }), new Set(['4']));
    const after = crossedOut(forced, seen);
    assert.deepEqual(after.renew, { 0: 'dd00', 1: '****', 4: '****' });
    assert.deepEqual(stale(seenBy(after, nodes('new new old old new'))), ['0']);
  });

  it('stays in the list when its node is not to be seen', () =>
    assert.deepEqual(crossedOut(forced, seenBy(forced, nodes('new'))).renew, renew));

  it('is an empty list once the rollout is finished, and no list without force', () => {
    assert.deepEqual(crossedOut({ ...forced, state: 'whole' }, nodes('new')).renew, {});
    assert.equal(crossedOut(record, nodes('new')).renew, undefined);
  });

  it('is read from the tags as it was written, and takes no more room when it is crossed out', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 2_000 }), { maxLength: 300 });
    fc.assert(
      fc.property(ids, (some) => {
        const renewal = Object.fromEntries(some.map((id) => [String(id), `a${id}`.padEnd(4, '-').slice(-4)]));
        const tags = writeRecord({}, { ...record, renew: renewal });
        assert.deepEqual(readRecord(tags), { ...record, renew: renewal });
        const half = Object.fromEntries(some.map((id) => [String(id), id % 2 ? '****' : (renewal[id] ?? '')]));
        assert.equal(renewalText(half).length, renewalText(renewal).length);
      }),
      { numRuns: 100 },
    );
  });

  it('of a thousand nodes fits into 16 tags', () => {
    const thousand = Object.fromEntries(Array.from({ length: 1000 }, (_, id) => [String(id), 'abcd']));
    const names = Object.keys(writeRecord({}, { ...record, renew: thousand }));
    assert.equal(names.filter((name) => name.startsWith('phoenix-renew')).length, 16);
  });

  for (const text of ['', '0-3', '0-3:abc', '0:abcde', 'x:abcd', '0:ab d', ':', 'None'])
    it(`is no text like "${text}"`, () => assert.equal(renewalIn(text), undefined));
});
