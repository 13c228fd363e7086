import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assertSafe } from '../../../tasks/common/rollout/invariants.ts';
import type { Limits } from '../../../tasks/common/rollout/limits.ts';
import { notePassed } from '../../../tasks/common/rollout/logbook.ts';
import { type Choices, nextSteps, type Step } from '../../../tasks/common/rollout/next-steps.ts';
import { fleet } from '../../support/fleet-picture.ts';

const choices: Choices = { sickBefore: new Set(), drains: true, onDrainTimeout: 'fail' };

const skipToEnd = { onDrainTimeout: 'skipToEnd' } as const;

/** `drain 0 1`, `wait`, `halt`: a step without its sentence. */
const brief = (step: Step) =>
  [step.kind === 'replace' && step.renews ? 'renew' : step.kind, ...('nodeIds' in step ? step.nodeIds : [])].join(' ');

interface Case {
  readonly title: string;
  readonly nodes: string;
  readonly steps: readonly string[];
  readonly limits?: Partial<Limits>;
  readonly choices?: Partial<Choices>;
}

const cases: readonly Case[] = [
  {
    title: 'drains as many nodes as the limit allows',
    nodes: 'old old old old',
    limits: { maxUnavailable: 2 },
    steps: ['drain 0 1'],
  },
  { title: 'takes zones in turn', nodes: 'new old old old', limits: { maxUnavailable: 2 }, steps: ['drain 1 2'] },
  { title: 'replaces at once without a drain', nodes: 'old old', choices: { drains: false }, steps: ['replace 0'] },
  {
    title: 'replaces what is drained and fills the freed slot',
    nodes: 'drained old old',
    limits: { maxUnavailable: 2 },
    steps: ['replace 0', 'drain 1'],
  },
  { title: 'takes a node whose disk is to be renewed', nodes: 'new stale:old', steps: ['drain 1'] },
  { title: 'is not done while a disk is to be renewed', nodes: 'new stale:moving', steps: ['wait'] },
  {
    title: 'renews by a call of its own those that run the image already',
    nodes: 'drained stale:drained stale:drained new',
    limits: { maxUnavailable: 3 },
    steps: ['replace 0', 'renew 1 2'],
  },
  { title: 'leaves a protected node alone that was to be renewed', nodes: 'new stale:spared', steps: ['done'] },
  { title: 'waits for a node that Azure is at work with', nodes: 'busy old old', steps: ['wait'] },
  {
    title: 'takes no node that Azure is at work with',
    nodes: 'busy old old',
    limits: { maxUnavailable: 2 },
    steps: ['drain 1'],
  },
  { title: 'waits while the limit is used up', nodes: 'moving old old', steps: ['wait'] },
  { title: 'counts a new node that is not ready yet', nodes: 'new~ old old', steps: ['wait'] },
  { title: 'counts a node that is being deleted', nodes: 'gone old old', steps: ['wait'] },
  { title: 'goes on when a new node is ready', nodes: 'new old old', steps: ['drain 1'] },
  { title: 'stops at the number of nodes asked for', nodes: 'new old old', limits: { wanted: 1 }, steps: ['done'] },
  {
    title: 'counts nodes on their way towards the number asked for',
    nodes: 'moving old old',
    limits: { wanted: 1, maxUnavailable: 3 },
    steps: ['wait'],
  },
  {
    title: 'starts nothing new while a node that was healthy on the target is not any more',
    nodes: 'new^ new old old old',
    limits: { maxUnavailable: 3 },
    steps: ['wait'],
  },
  {
    title: 'starts others beside a node that boots for the first time',
    nodes: 'new! new old old old',
    limits: { maxUnavailable: 2 },
    steps: ['drain 2'],
  },
  {
    title: 'brings what is drained to its end beside a node that fell sick on the target',
    nodes: 'new^ drained old',
    limits: { maxUnavailable: 3 },
    steps: ['replace 1'],
  },
  {
    title: 'does not take sick nodes either while one fell sick on the target',
    nodes: 'new^ old! old',
    limits: { maxUnavailable: 3 },
    choices: { sickBefore: new Set(['1']) },
    steps: ['wait'],
  },
  {
    title: 'goes on beside a node that fell sick on the target once it counts as failed',
    nodes: 'new? old old',
    limits: { maxUnavailable: 2, maxFailedNodes: 1 },
    steps: ['drain 1'],
  },
  { title: 'halts when more nodes broke than may', nodes: 'new? old old', steps: ['halt'] },
  {
    title: 'goes on around a broken node within the failure budget',
    nodes: 'new? old old',
    limits: { maxFailedNodes: 1, maxUnavailable: 2 },
    steps: ['drain 1'],
  },
  {
    title: 'halts when broken nodes leave no room',
    nodes: 'new? old old',
    limits: { maxFailedNodes: 1 },
    steps: ['halt'],
  },
  { title: 'takes a node that fell sick first, and nobody else', nodes: 'old old! old', steps: ['drain 1'] },
  {
    title: 'lets a node that fell sick use up the limit',
    nodes: 'old! old old',
    limits: { maxUnavailable: 1, wanted: 2 },
    steps: ['drain 0'],
  },
  {
    title: 'does not count nodes that were sick before',
    nodes: 'old! old old',
    limits: { maxUnavailable: 2 },
    choices: { sickBefore: new Set(['0']) },
    steps: ['drain 0 1'],
  },
  { title: 'begins with nobody once time is up', nodes: 'new old old', limits: { beginsUntil: 1 }, steps: ['pause'] },
  {
    title: 'brings what is under way to its end though time is up',
    nodes: 'drained old old',
    limits: { beginsUntil: 1, maxUnavailable: 2 },
    steps: ['replace 0'],
  },
  {
    title: 'halts though time is up where broken nodes leave no room for a later run',
    nodes: 'new? old old',
    limits: { beginsUntil: 1, maxFailedNodes: 1 },
    steps: ['halt'],
  },
  { title: 'is done though time is up', nodes: 'new new', limits: { beginsUntil: 1 }, steps: ['done'] },
  { title: 'halts when a drain fails', nodes: 'stuck old old', steps: ['halt'] },
  {
    title: 'cuts sessions when told to',
    nodes: 'stuck old old',
    choices: { onDrainTimeout: 'proceed' },
    steps: ['replace 0'],
  },
  {
    title: 'puts a node back whose drain failed when it is to be tried again at the end',
    nodes: 'stuck old old',
    limits: { maxUnavailable: 2 },
    choices: skipToEnd,
    steps: ['putBack 0', 'drain 1'],
  },
  {
    title: 'waits until a node that was put back serves again',
    nodes: 'back old old',
    choices: skipToEnd,
    steps: ['wait'],
  },
  {
    title: 'takes a node whose drain has failed after all others',
    nodes: 'again old old',
    limits: { maxUnavailable: 2 },
    choices: skipToEnd,
    steps: ['drain 1 2'],
  },
  {
    title: 'tries a node whose drain has failed at the end',
    nodes: 'again new',
    choices: skipToEnd,
    steps: ['drain 0'],
  },
  {
    title: 'leaves a node alone that could not be drained twice',
    nodes: 'twice new',
    choices: skipToEnd,
    steps: ['done'],
  },
  {
    title: 'takes another node in place of one that can not be drained',
    nodes: 'twice new old',
    limits: { wanted: 2 },
    choices: skipToEnd,
    steps: ['drain 2'],
  },
  {
    title: 'halts when no other node can take the place of one that can not be drained',
    nodes: 'twice new',
    limits: { wanted: 2 },
    choices: skipToEnd,
    steps: ['halt'],
  },
  {
    title: 'halts when a node that was chosen can not be drained',
    nodes: 'twice new',
    limits: { wanted: 2, chosen: new Set(['0', '1']) },
    choices: skipToEnd,
    steps: ['halt'],
  },
  { title: 'halts when no node at all can be drained', nodes: 'twice twice', choices: skipToEnd, steps: ['halt'] },
  {
    title: 'replaces a node that serves nobody in place of putting it back',
    nodes: 'stuck old',
    choices: { ...skipToEnd, sickBefore: new Set(['0']) },
    steps: ['replace 0'],
  },
  { title: 'leaves a node alone that asks to be left out', nodes: 'out old', steps: ['drain 1'] },
  { title: 'is done without a node that asks to be left out', nodes: 'out new', steps: ['done'] },
  {
    title: 'waits for no node that asks to be left out',
    nodes: 'out new',
    choices: { awaitProtected: true },
    steps: ['done'],
  },
  {
    title: 'waits until what fell sick among the nodes that are left alone serves again',
    nodes: 'spared! old old',
    limits: { maxUnavailable: 1 },
    steps: ['wait'],
  },
  {
    title: 'replaces a sick node whose drain failed',
    nodes: 'stuck old old',
    choices: { sickBefore: new Set(['0']) },
    steps: ['replace 0'],
  },
  { title: 'leaves protected nodes alone', nodes: 'spared new', steps: ['done'] },
  {
    title: 'waits for protected nodes when told to',
    nodes: 'spared new',
    choices: { awaitProtected: true },
    steps: ['wait'],
  },
  {
    title: 'takes others before it waits for protected nodes',
    nodes: 'spared old old',
    choices: { awaitProtected: true },
    steps: ['drain 1'],
  },
  {
    title: 'waits for no protected node that the stage does not need',
    nodes: 'spared new',
    limits: { wanted: 1 },
    choices: { awaitProtected: true },
    steps: ['done'],
  },
  {
    title: 'takes chosen nodes only',
    nodes: 'old old old old',
    limits: { maxUnavailable: 3, chosen: new Set(['1', '3']) },
    steps: ['drain 1 3'],
  },
  { title: 'is done when the chosen are', nodes: 'old new old', limits: { chosen: new Set(['1']) }, steps: ['done'] },
  {
    title: 'waits until what fell sick beside the chosen, or was added to them, serves',
    nodes: 'old! old old',
    limits: { maxUnavailable: 1, chosen: new Set(['1', '2']) },
    steps: ['wait'],
  },
  {
    title: 'waits for a node that was added, beside a broken one that leaves room',
    nodes: 'new? old old!',
    limits: { maxUnavailable: 2, maxFailedNodes: 1, chosen: new Set(['0', '1']) },
    steps: ['wait'],
  },
  {
    title: 'waits for nobody who was sick before',
    nodes: 'old! old old',
    limits: { maxUnavailable: 1, chosen: new Set(['1', '2']) },
    choices: { sickBefore: new Set(['0']) },
    steps: ['drain 1'],
  },
  {
    title: 'begins with nobody once time is up, though what was added does not serve',
    nodes: 'old! old',
    limits: { beginsUntil: 1, chosen: new Set(['1']) },
    steps: ['pause'],
  },
  {
    title: 'takes no node beyond the next checkpoint',
    nodes: 'old old old old',
    limits: { maxUnavailable: 3, checkpoints: [2] },
    steps: ['drain 0 1'],
  },
  {
    title: 'waits at a checkpoint until its nodes have baked',
    nodes: 'new old old',
    limits: { checkpoints: [1], bakeMs: 3_600_000 },
    steps: ['wait'],
  },
  {
    title: 'passes a checkpoint whose nodes have baked',
    nodes: 'new old old',
    limits: { checkpoints: [1], bakeMs: 60_000 },
    steps: ['pass'],
  },
  {
    title: 'does not bake while a node settles',
    nodes: 'new~ old old',
    limits: { checkpoints: [1], bakeMs: 0 },
    steps: ['wait'],
  },
  {
    title: 'needs no checkpoint once everything is done',
    nodes: 'new new',
    limits: { checkpoints: [1], bakeMs: 3_600_000 },
    steps: ['done'],
  },
  { title: 'has nothing to do in an empty set', nodes: 'gone', steps: ['wait'] },
];

describe('nextSteps', () => {
  for (const { title, nodes, steps, limits, choices: chosen } of cases) {
    it(title, () => assert.deepEqual(nextSteps(fleet(nodes, limits), { ...choices, ...chosen }).map(brief), steps));
  }

  it('halts when nothing has become ready for the progress deadline', () => {
    const situation = fleet('moving old', { progressDeadlineMs: 60_000 });
    assert.deepEqual(nextSteps(situation, choices).map(brief), ['halt']);
  });

  it('halts in the end when a protection is not taken away', () => {
    const situation = fleet('spared new', { progressDeadlineMs: 60_000 });
    const [step] = nextSteps(situation, { ...choices, awaitProtected: true });
    assert.equal(
      step?.reason,
      'no node became ready for 60 s: waiting for n0 to lose its protection from scale set actions',
    );
  });

  it('halts in the end when what was added never serves, and says who it is', () => {
    const added = { chosen: new Set(['0']), progressDeadlineMs: 60_000 };
    const [step] = nextSteps(fleet('old old!', added), choices);
    const out = 'n1 to serve: out of service since we came, which maxUnavailable 1 leaves no room beside';
    assert.deepEqual(step, { kind: 'halt', reason: `no node became ready for 60 s: waiting for ${out}` });
  });

  it('goes on to the next checkpoint when one is behind it', () => {
    const situation = fleet('new old old', { checkpoints: [1, 2], maxUnavailable: 3 });
    const passed = { ...situation, logbook: notePassed(situation.logbook, situation.now) };
    assert.deepEqual(nextSteps(passed, choices).map(brief), ['drain 1']);
  });

  it('counts no time at a checkpoint as time without progress', () => {
    const situation = fleet('new old', { checkpoints: [1], bakeMs: 3_600_000, progressDeadlineMs: 60_000 });
    assert.deepEqual(nextSteps(situation, choices).map(brief), ['wait']);
  });

  it('goes on counting after a bake where it stood before', () => {
    const limits = { checkpoints: [1], bakeMs: 3_600_000, progressDeadlineMs: 3_600_000 };
    const { logbook, ...relapsed } = fleet('new^ old', limits);
    const since = relapsed.now - 2 * limits.progressDeadlineMs;
    const step = (waitedMs: number) =>
      nextSteps({ ...relapsed, logbook: { ...logbook, lastProgress: since, waitedMs } }, choices).map(brief);
    assert.deepEqual([step(limits.progressDeadlineMs + 1), step(limits.progressDeadlineMs)], [['wait'], ['halt']]);
  });

  it('says which node it is that nothing new is started for', () => {
    const [step] = nextSteps(fleet('new^ old old', { maxUnavailable: 3 }), choices);
    assert.equal(
      step?.reason,
      'waiting for n0 to recover on 2.0.0, where it was healthy before: nothing new is started meanwhile',
    );
  });

  it('says why nodes are left alone', () => {
    const [step] = nextSteps(fleet('out spared twice new'), { ...choices, ...skipToEnd });
    assert.equal(
      step?.reason,
      '1 node ready on 2.0.0, n1 protected and left alone, n0 left out, as asked by tag phoenix-leave-out, n2 left on the old image after 2 drains that failed',
    );
  });

  it('says why a node is put back and what becomes of it', () => {
    const [step] = nextSteps(fleet('stuck old'), { ...choices, ...skipToEnd });
    assert.equal(
      step?.reason,
      'could not be drained: 3 sessions left; it serves again and is tried once more after all others',
    );
  });

  it('explains a halt by the nodes and the limit', () => {
    const [step] = nextSteps(fleet('new? old'), choices);
    assert.equal(step?.reason, '1 node failed, the limit is 0: n0: unhealthy on 2.0.0 for 600 s');
  });

  const word = fc.constantFrom(
    'old',
    'old!',
    'new',
    'new!',
    'new~',
    'new?',
    'new^',
    'drain',
    'drained',
    'stuck',
    'moving',
    'gone',
    'busy',
    'spared',
    'spared!',
    'back',
    'again',
    'twice',
    'out',
    'stale:old',
    'stale:drained',
    'stale:moving',
    'stale:stuck',
  );
  const anyWay = fc.constantFrom('fail', 'skipToEnd', 'proceed');
  const anyFleet = fc.array(word, { minLength: 1, maxLength: 30 });
  const anyLimits = fc.record({
    maxUnavailable: fc.integer({ min: 1, max: 10 }),
    maxFailedNodes: fc.integer({ min: 0, max: 3 }),
    chosen: fc.oneof(fc.constant(new Set<string>(['0', '2', '5'])), fc.constant(new Set<string>(['1']))),
    wanted: fc.oneof(fc.constant('all' as const), fc.integer({ min: 1, max: 30 })),
  });

  it('never takes more than the limits allow, and decides the same twice', () => {
    fc.assert(
      fc.property(anyFleet, anyLimits, fc.boolean(), anyWay, (words, limits, drains, onDrainTimeout) => {
        const situation = fleet(words.join(' '), limits);
        const chosen = { ...choices, drains, onDrainTimeout };
        const steps = nextSteps(situation, chosen);
        assertSafe(situation, chosen, steps);
        assert.deepEqual(nextSteps(situation, chosen), steps);
        assert.ok(steps.length > 0, 'there is always something to say');
      }),
      { numRuns: 2_000 },
    );
  });
});
