import assert from 'node:assert/strict';
import {
  cutOff,
  longestIn,
  longestReplacement,
  nothingSeen,
  type Observed,
  seenAt,
  timeIn,
  usualTimes,
} from '../../../tasks/common/report/observed.ts';
import { noteErrand } from '../../../tasks/common/rollout/logbook.ts';
import type { Situation } from '../../../tasks/common/rollout/state.ts';
import { fleet } from '../../support/fleet-picture.ts';

const start = 1_000_000;

/** Looks of one rollout: pictures by the second. */
function watched(looks: readonly (readonly [number, string | Situation])[]): Observed {
  return looks.reduce(
    (seen, [second, look]) =>
      seenAt(seen, typeof look === 'string' ? fleet(look, {}, start + second * 1_000) : { ...look }),
    nothingSeen(start),
  );
}

/** A node that this run has replaced, healthy and not yet for long enough. */
function proving(picture: string, second: number): Situation {
  const looked = fleet(picture, {}, start + second * 1_000);
  const errand = { kind: 'replacing', since: start, certain: true } as const;
  return { ...looked, logbook: noteErrand(looked.logbook, '0', errand) };
}

const path = ({ tracks }: Observed, id = '0') =>
  tracks.get(id)?.stretches.map(({ phase, from }) => `${phase} ${(from - start) / 1_000}`);

describe('what is observed', () => {
  const whole = watched([
    [4, 'old old'],
    [20, 'drain old'],
    [26, 'drained old'],
    [40, 'moving old'],
    [90, 'new! old'],
    [120, proving('new~ old', 120)],
    [150, 'new old'],
  ]);

  it('is each phase of a node, by our own clock what we began and else by the look', () => {
    assert.deepEqual(path(whole), [
      'serving 0',
      'drain 10',
      'idle 26',
      'disk 30',
      'health 90',
      'proof 120',
      'serving 150',
    ]);
    assert.deepEqual(path(whole, '1'), ['serving 0']);
  });

  it('says how long a node was where, and what is usual', () => {
    const track = whole.tracks.get('0');
    assert.ok(track);
    const until = start + 200_000;
    assert.deepEqual(
      (['drain', 'disk', 'health', 'proof', 'out'] as const).map((phase) => timeIn(track, phase, until)),
      [16_000, 60_000, 30_000, 30_000, undefined],
    );
    assert.deepEqual(usualTimes([track]), { drainMs: 16_000, diskMs: 60_000, healthyMs: 30_000 });
    assert.deepEqual([longestReplacement([track], until), longestIn([track], 'drain', until)], [120_000, 16_000]);
  });

  it('knows nothing of what nobody came through', () => {
    const stalled = watched([
      [0, 'drain old'],
      [60, 'drain old'],
      [120, 'old old'],
    ]);
    assert.deepEqual(usualTimes(stalled.tracks.values()), {});
  });

  it('counts the most nodes that were away at one look because of us, and no others', () => {
    const most = (picture: string) => watched([[0, picture]]).mostUnavailable;
    assert.deepEqual(
      ['old old! spared', 'drain drained moving', 'new! new?', 'new~ new'].map(most),
      [0, 3, 2, 0],
      'sick before, ours, ours and failed, serving as before',
    );
    assert.equal(watched([[0, proving('new~ old', 0)]]).mostUnavailable, 1, 'ours, and not yet for long enough');
  });

  it('counts nodes whose sessions were cut: their drain failed, and they were replaced all the same', () => {
    const looks = watched([
      [0, 'stuck stuck'],
      [6, 'moving stuck'],
      [90, 'new old'],
    ]);
    assert.equal(cutOff(looks.tracks.values()), 1);
  });

  it('keeps what has left the set, and begins with what joins it', () => {
    const seen = watched([
      [0, 'old old'],
      [6, 'old'],
      [12, 'old'],
      [18, 'old old old'],
    ]);
    assert.deepEqual(path(seen, '1'), ['serving 0', 'gone 6', 'serving 18']);
    assert.deepEqual(path(seen, '2'), ['serving 18']);
  });
});
