import assert from 'node:assert/strict';
import { narrator } from '../../../tasks/common/execute/narrator.ts';
import type { Situation } from '../../../tasks/common/rollout/state.ts';
import { fleet, oldImage } from '../../support/fleet-picture.ts';

function listening() {
  const lines: string[] = [];
  const bars: string[] = [];
  const story = narrator(
    { line: (text) => void lines.push(text), progress: (percent, text) => void bars.push(`${percent} ${text}`) },
    () => 1_000_000,
  );
  return { story, lines, bars };
}

describe('narrator', () => {
  it('tells what a look shows even when nothing is decided, and the bar with each decision', () => {
    const { story, lines, bars } = listening();
    story.looked(fleet('moving old'));
    story.looked(fleet('new old'));
    story.decided({ kind: 'wait', reason: 'waiting for n1' }, fleet('new old'));
    assert.deepEqual(lines, ['00:00  ready    n0 is healthy on 2.0.0', '00:00  wait     waiting for n1']);
    assert.deepEqual(bars, ['50 1 of 2 nodes are ready']);
    assert.equal(story.observed.tracks.size, 2);
  });

  it('says the same wait once, and again after something else', () => {
    const { story, lines } = listening();
    const wait = { kind: 'wait', reason: 'waiting for n0' } as const;
    for (const step of [wait, wait, { kind: 'drain', nodeIds: ['1'], reason: 'x' } as const, wait])
      story.decided(step, fleet('old old'));
    assert.deepEqual(
      lines.map((line) => line.slice(7, 12)),
      ['wait ', 'drain', 'wait '],
    );
  });

  it('does not call it news that a rollout is seen from its other end', () => {
    const { story, lines } = listening();
    story.looked(fleet('drained old'));
    const back = fleet('new old');
    const nodes = back.nodes.map((node) => ({ ...node, image: oldImage }));
    story.looked({ ...back, nodes, target: oldImage } as Situation);
    assert.deepEqual(lines, []);
  });

  it('keeps what a remark is about', () => {
    const { story } = listening();
    story.remarked('repairs are suspended', 'paused');
    story.remarked('hello');
    assert.deepEqual(
      story.events.map(({ what }) => what),
      ['paused', 'note'],
    );
  });
});
