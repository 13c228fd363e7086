import assert from 'node:assert/strict';
import { nothingSeen, type Phase, type Track } from '../../../tasks/common/report/observed.ts';
import type { Event } from '../../../tasks/common/report/rollout-story.ts';
import { timeline } from '../../../tasks/common/report/timeline.ts';
import { fleet, newImage, oldImage } from '../../support/fleet-picture.ts';

const [sample] = fleet('old').nodes;
assert.ok(sample);

/** `serving 0, drain 60, new 90`: phases by the second; `new` serves on the new image. */
function track(index: number, text: string, zone = '1'): Track {
  const stretches = text.split(', ').map((part) => {
    const [word = '', second] = part.split(' ');
    const isNew = word === 'new';
    return {
      phase: (isNew ? 'serving' : word) as Phase,
      image: isNew ? newImage : oldImage,
      from: Number(second) * 1_000,
    };
  });
  return { node: { ...(sample as NonNullable<typeof sample>), id: String(index), name: `n${index}`, zone }, stretches };
}

function drawn(tracks: readonly Track[], seconds: number, events: readonly Event[] = []): readonly string[] {
  const observed = { ...nothingSeen(0), tracks: new Map(tracks.map((one) => [one.node.id, one])) };
  return timeline({ observed, events, goal: newImage, until: seconds * 1_000 }).split('\n');
}

describe('timeline', () => {
  it('draws a row a node in the order in which they were taken, a mark a phase, and says what the marks are', () => {
    const tracks = [
      track(0, 'serving 0'),
      track(1, 'serving 0, drain 60, disk 80, health 140, out 160'),
      track(2, 'serving 0, drain 20, disk 40, health 80, proof 100, new 120'),
    ];
    const halt = { at: 165_000, what: 'halt', text: '1 node failed' };
    assert.deepEqual(drawn(tracks, 180, [halt, { at: 0, what: 'wait', text: 'waiting' }]), [
      '▁▁▁▁░░░░▒▒▒▒▒▒▒▒▓▓▓▓▄▄▄▄████████████  n2, zone 1',
      '▁▁▁▁▁▁▁▁▁▁▁▁░░░░▒▒▒▒▒▒▒▒▒▒▒▒▓▓▓▓▚▚▚▚  n1, zone 1',
      '▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  n0, zone 1',
      '▏▔▔▔▔▔▔▔▔▔▏▔▔▔▔▔▔▔▔▔▏▔▔▔▔▔▔▔▔▔▏▔▔▌▔▔',
      '00:00     00:50     01:40     02:30',
      '▌ 02:45 1 node failed',
      '',
      'a column is 5 s',
      '▁ serves on 1.0.0',
      '░ is drained',
      '▒ gets its new disk',
      '▓ runs, not healthy yet',
      '▄ healthy, not yet for long enough',
      '▚ failed or out of service',
      '█ serves on 2.0.0',
    ]);
  });

  it('draws with block elements alone, which are equally wide in every font', () => {
    const all = drawn([track(0, 'serving 0, drain 1, disk 10, health 20, proof 30, out 40, gone 50')], 3_000);
    assert.match(`${all[0]?.split('  ')[0]}${all[1]}`, /^[\u2580-\u259f]+$/);
  });

  it('shows what took most of a column', () => {
    const [row] = drawn([track(0, 'serving 0, drain 7, disk 9, health 14, new 19')], 600);
    assert.ok(row?.startsWith('▁▓██'), row);
  });

  it('has at most 60 columns, of a time that people count in', () => {
    for (const [seconds, span] of [
      [1, 5],
      [301, 10],
      [3_600, 60],
      [21_600, 600],
      [200_000, 3_334],
    ] as const) {
      const lines = drawn([track(0, 'serving 0')], seconds);
      assert.ok((lines[0]?.split('  ')[0]?.length ?? 0) <= 60);
      assert.ok(lines.includes(`a column is ${span} s`), `${seconds}: ${lines.join('\n')}`);
    }
  });

  it('shows a node that joins later from then on', () => {
    assert.equal(drawn([track(0, 'new 25')], 50)[0], '▖▖▖▖▖█████  n0, zone 1');
  });

  it('draws up to 40 nodes one by one, more by zone with those that failed', () => {
    const zone = (index: number) => String((index % 2) + 1);
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        track(index, index === 3 ? 'serving 0, disk 10, out 20' : 'serving 0, disk 10, new 25', zone(index)),
      );
    assert.equal(drawn(many(40), 50).filter((line) => /zone/.test(line)).length, 40);
    assert.deepEqual(drawn(many(41), 50).slice(0, 9), [
      '▁▁▒▒▚▚▚▚▚▚  n3, zone 2',
      '▁▁▁▁▁█████  zone 1, 21 nodes',
      '▁▁▁▁▁▇▇▇▇▇  zone 2, 20 nodes',
      '▏▔▔▔▔▔▔▔▔▔',
      '00:00',
      '',
      'a column is 5 s',
      '▁▂▃▄▅▆▇█ the share of these nodes that serve on 2.0.0: ▁ none or few, █ all',
      '41 nodes are too many for a row each: they are shown by zone; above, 1 of 1 that failed or were out of service',
    ]);
  });

  it('draws a large set without zones in tenths, in the order taken', () => {
    const tracks = Array.from({ length: 100 }, (_, index) => track(index, `serving 0, disk ${99 - index}, new 100`));
    const lines = drawn(tracks, 120);
    assert.match(lines[0] ?? '', /n99 and 9 more$/);
    assert.match(lines.join('\n'), /in tenths, in the order in which they were taken/);
  });
});
