import assert from 'node:assert/strict';
import {
  emptyLogbook,
  entryOf,
  type Logbook,
  noteBlindness,
  noteErrand,
  noteHeadway,
  noteLook,
  notePassed,
  noteProblem,
  noteUnsure,
  noteWaited,
  withoutProgressMs,
} from '../../../tasks/common/rollout/logbook.ts';
import type { Node } from '../../../tasks/common/rollout/node.ts';
import { newImage, oldImage } from '../../support/fleet-picture.ts';

const node = (changes: Partial<Node> = {}): Node => ({
  id: '1',
  name: 'n1',
  zone: '',
  faultDomain: '',
  image: newImage,
  provisioning: 'succeeded',
  running: true,
  health: 'healthy',
  protected: false,
  leaveOut: false,
  problem: '',
  ...changes,
});
const look = (logbook: Logbook, now: number, changes: Partial<Node> = {}) =>
  noteLook(logbook, [node(changes)], newImage, 30_000, now);
const isReady = (logbook: Logbook) => entryOf(logbook, '1').ready;

describe('logbook', () => {
  it('calls a node ready once it has been healthy for long enough', () => {
    const first = look(emptyLogbook(0), 1_000);
    assert.equal(isReady(first), false);
    assert.equal(isReady(look(first, 30_999)), false);
    assert.equal(isReady(look(first, 31_000)), true);
  });

  const told = [
    { name: 'from the time that Azure tells', healthTime: 30_000, readyAt: 60_000 },
    { name: 'at the earliest from the look before', healthTime: -600_000, readyAt: 50_000 },
    { name: 'at the latest from this look', healthTime: 3_600_000, readyAt: 70_000 },
  ];
  for (const { name, healthTime, readyAt } of told)
    it(`counts how long a node has been healthy ${name}`, () => {
      const before = look(emptyLogbook(0), 20_000, { health: 'initializing' });
      const seen = look(before, 40_000, { healthTime });
      assert.equal(isReady(look(seen, readyAt - 1, { healthTime })), false);
      assert.equal(isReady(look(seen, readyAt, { healthTime })), true);
    });

  it('starts the time anew when a node flaps', () => {
    const flapped = look(look(look(emptyLogbook(0), 1_000), 20_000, { health: 'unhealthy' }), 25_000);
    assert.equal(isReady(look(flapped, 40_000)), false);
    assert.equal(isReady(look(flapped, 55_000)), true);
  });

  it('takes readiness away from a node that falls sick, and gives it a fresh timeout', () => {
    const sick = look(look(look(emptyLogbook(0), 1_000), 31_000), 90_000, { health: 'unhealthy' });
    assert.equal(isReady(sick), false);
    assert.equal(entryOf(sick, '1').settlingSince, 90_000);
  });

  it('counts the health timeout from the accepted upgrade', () => {
    const started = noteErrand(look(emptyLogbook(0), 0, { image: oldImage }), '1', {
      kind: 'replacing',
      since: 5_000,
      certain: true,
    });
    assert.equal(entryOf(look(started, 60_000, { health: 'unknown' }), '1').settlingSince, 5_000);
  });

  it('notes progress only when a node becomes ready', () => {
    const first = look(emptyLogbook(0), 1_000);
    assert.equal(first.lastProgress, 0);
    assert.equal(look(first, 31_000).lastProgress, 31_000);
    assert.equal(look(look(first, 31_000), 60_000).lastProgress, 31_000);
  });

  it('counts no time without progress that was waited on purpose, until there is progress again', () => {
    const baked = noteWaited(noteWaited(emptyLogbook(0), 10_000), 5_000);
    assert.equal(withoutProgressMs(baked, 20_000), 5_000);
    const progressed = look(look(baked, 20_000), 50_000);
    assert.equal(withoutProgressMs(progressed, 60_000), 10_000);
    assert.equal(withoutProgressMs(notePassed(baked, 30_000), 31_000), 1_000);
  });

  it('counts time without progress anew after other headway, and the bake from where it began', () => {
    const { lastProgress, ...logbook } = noteHeadway(emptyLogbook(1_000), 50_000);
    assert.deepEqual([withoutProgressMs({ ...logbook, lastProgress }, 60_000), lastProgress], [10_000, 1_000]);
  });

  it('takes a node that falls sick and comes back for no progress', () => {
    const ready = look(look(emptyLogbook(0), 1_000), 31_000);
    const back = look(look(look(ready, 60_000, { health: 'unhealthy' }), 70_000), 100_000);
    assert.deepEqual([isReady(back), back.lastProgress], [true, 31_000]);
  });

  it('remembers that a node was healthy on the target, though not for long enough', () => {
    const fell = look(look(emptyLogbook(0), 1_000), 7_000, { health: 'unhealthy' });
    assert.equal(entryOf(fell, '1').healthyOnce, true);
    assert.equal(entryOf(look(emptyLogbook(0), 1_000, { health: 'unhealthy' }), '1').healthyOnce, undefined);
  });

  it('holds time in which nothing was seen against no node', () => {
    const replacing = noteErrand(emptyLogbook(0), '1', { kind: 'replacing', since: 0, certain: true });
    const settling = look(replacing, 10_000, { health: 'unhealthy' });
    const later = noteBlindness(settling, 300_000);
    const { settlingSince, errand } = entryOf(later, '1');
    assert.deepEqual([settlingSince, errand?.since, later.lastProgress], [300_000, 300_000, 300_000]);
  });

  it('is no longer certain of a replacement that ended without a word, and of nothing else', () => {
    const since = 0;
    const asked = noteErrand(emptyLogbook(0), '1', { kind: 'replacing', since, certain: true });
    const both = noteErrand(asked, '2', { kind: 'draining', since, certain: true });
    const unsure = ['1', '2', '3'].reduce(noteUnsure, both);
    assert.deepEqual(
      ['1', '2', '3'].map((id) => entryOf(unsure, id).errand),
      [{ kind: 'replacing', since, certain: false }, { kind: 'draining', since, certain: true }, undefined],
    );
  });

  it('forgets errand and problem of a node that is ready, and all of one that is gone', () => {
    let logbook = noteErrand(emptyLogbook(0), '1', { kind: 'replacing', since: 0, certain: true });
    logbook = noteProblem(look(logbook, 1_000), '1', 'boot was slow');
    const settled = look(logbook, 31_000);
    assert.deepEqual([entryOf(settled, '1').errand, entryOf(settled, '1').problem], [undefined, undefined]);
    assert.equal(noteLook(settled, [], newImage, 30_000, 40_000).nodes.size, 0);
  });
});
