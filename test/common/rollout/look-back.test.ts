import assert from 'node:assert/strict';
import { assertSafe } from '../../../tasks/common/rollout/invariants.ts';
import type { Limits } from '../../../tasks/common/rollout/limits.ts';
import { foundAgain, type Promised } from '../../../tasks/common/rollout/look-back.ts';
import { type Choices, nextSteps, type Step } from '../../../tasks/common/rollout/next-steps.ts';
import { fleet, newImage } from '../../support/fleet-picture.ts';

const choices: Choices = { sickBefore: new Set(), drains: true, onDrainTimeout: 'fail' };

const brief = (step: Step) => [step.kind, ...('nodeIds' in step ? step.nodeIds : [])].join(' ');

const promised = (nodes: number, ...named: readonly string[]): Promised => ({ nodes, named: new Set(named) });

interface Case {
  readonly title: string;
  readonly nodes: string;
  readonly promised: Promised;
  readonly limits?: Partial<Limits>;
  readonly choices?: Partial<Choices>;
  readonly steps: readonly string[];
  readonly says: RegExp;
}

const two = { maxUnavailable: 2 };

const cases: readonly Case[] = [
  {
    title: 'begins with its own nodes once the promised ones are well',
    nodes: 'new old old old',
    promised: promised(1),
    limits: two,
    steps: ['lookBack', 'drain 1 2'],
    says: /^1 of 1 node of the stages before runs 2\.0\.0 and is healthy$/,
  },
  {
    title: 'starts nobody before a promised node has been well for long enough',
    nodes: 'new~ old old',
    promised: promised(1),
    limits: { maxUnavailable: 3 },
    steps: ['wait'],
    says: /^looking back: waiting for n0 to stay healthy/,
  },
  {
    title: 'starts nobody beside a promised node that is sick',
    nodes: 'new! old old',
    promised: promised(1),
    limits: { maxUnavailable: 3 },
    steps: ['wait'],
    says: /^looking back: waiting for n0 to become healthy on 2\.0\.0/,
  },
  {
    title: 'brings no missing node while another is sick',
    nodes: 'new! old old',
    promised: promised(2),
    limits: { maxUnavailable: 3 },
    steps: ['wait'],
    says: /n0/,
  },
  {
    title: 'halts when a promised node does not recover',
    nodes: 'new? old old',
    promised: promised(1),
    steps: ['halt'],
    says: /^looking back: 1 node failed, the limit is 0: n0: unhealthy on 2\.0\.0 for 600 s$/,
  },
  {
    title: 'goes on without those that may fail',
    nodes: 'new? new old old',
    promised: promised(2),
    limits: { maxUnavailable: 2, maxFailedNodes: 1 },
    steps: ['lookBack', 'drain 2'],
    says: /^1 of 2 nodes .* healthy, n0 failed within the limit$/,
  },
  {
    title: 'brings as many as are missing, and no more',
    nodes: 'new old old old',
    promised: promised(2),
    limits: { maxUnavailable: 3 },
    steps: ['drain 1'],
    says: /^looking back: 1 of 2 nodes of the stages before runs 2\.0\.0, 1 to be brought again, maxUnavailable is 3$/,
  },
  {
    title: 'brings missing ones within the limit',
    nodes: 'old old old old',
    promised: promised(3),
    limits: two,
    steps: ['drain 0 1'],
    says: /0 of 3/,
  },
  {
    title: 'waits for a node that it brings again before it begins with its own',
    nodes: 'moving old old old',
    promised: promised(1),
    limits: { maxUnavailable: 3 },
    steps: ['wait'],
    says: /^looking back: waiting for n0 to get its new disk$/,
  },
  {
    title: 'takes a node that was named and has fallen back before others',
    nodes: 'old old old old',
    promised: promised(1, '2'),
    limits: two,
    steps: ['drain 2'],
    says: /^looking back/,
  },
  {
    title: 'brings a named node again also when another runs the image in its place',
    nodes: 'new old old old',
    promised: promised(1, '2'),
    limits: two,
    steps: ['drain 2'],
    says: /^looking back/,
  },
  {
    title: 'brings a named node again that this stage does not name',
    nodes: 'old old old old',
    promised: promised(1, '0'),
    limits: { ...two, chosen: new Set(['1', '2']) },
    steps: ['drain 0'],
    says: /^looking back/,
  },
  {
    title: 'lets a node of this stage take the place of one that has left the set',
    nodes: 'old old old old',
    promised: promised(1, '77'),
    limits: { ...two, chosen: new Set(['3', '1']) },
    steps: ['drain 1'],
    says: /^looking back: 0 of 1/,
  },
  {
    title: 'ignores checkpoints of this stage until all that was promised is there',
    nodes: 'old old old old',
    promised: promised(2),
    limits: { ...two, checkpoints: [1, 3], bakeMs: 1_000 },
    steps: ['drain 0 1'],
    says: /^looking back/,
  },
  {
    title: 'goes on where nobody can take the place of a missing node',
    nodes: 'new spared spared',
    promised: promised(3),
    steps: ['lookBack', 'done'],
    says: /^1 of 3 nodes .* healthy, no node can take the place of the other 2$/,
  },
  {
    title: 'lets an old node that Azure is at work with come to rest first',
    nodes: 'busy spared',
    promised: promised(1),
    limits: two,
    steps: ['wait'],
    says: /^looking back: waiting for n0/,
  },
  {
    title: 'does not wait for Azure where all that was promised is there',
    nodes: 'new busy old',
    promised: promised(1),
    limits: two,
    steps: ['lookBack', 'drain 2'],
    says: /is healthy$/,
  },
  {
    title: 'gives up when a sick node leaves no room to bring a missing one again',
    nodes: 'old new new old!',
    promised: promised(1, '0'),
    limits: { chosen: new Set(['1', '2']), progressDeadlineMs: 60_000 },
    steps: ['halt'],
    says: /^looking back: no node became ready for 60 s: waiting for n3 to serve/,
  },
  {
    title: 'brings nothing again when the time of the job is over',
    nodes: 'old old',
    promised: promised(1),
    limits: { beginsUntil: 1 },
    steps: ['pause'],
    says: /jobDeadline/,
  },
];

describe('a stage that looks back', () => {
  for (const { title, nodes, promised, limits, steps, says, choices: more } of cases)
    it(title, () => {
      const situation = fleet(nodes, { ...limits, promised });
      const all = { ...choices, ...more };
      const decided = nextSteps(situation, all);
      assert.deepEqual(decided.map(brief), steps);
      assert.match(decided[0]?.reason ?? '', says);
      assertSafe(situation, all, decided);
    });

  it('does so once a run', () => {
    const { logbook, ...situation } = fleet('old old old', { ...two, promised: promised(1) });
    const decided = nextSteps({ ...situation, logbook: { ...logbook, lookedBack: true } }, choices);
    assert.deepEqual(decided.map(brief), ['drain 0 1']);
  });

  const sights = [
    { nodes: 'new old', all: 1, says: 'looking back: 1 of 1 node of the stages before runs 2.0.0' },
    {
      nodes: 'old old gone',
      all: 2,
      says: 'looking back: 0 of 2 nodes of the stages before run 2.0.0; 2 to be brought again before others',
    },
    {
      nodes: 'new! new old',
      all: 2,
      says: 'looking back: 2 of 2 nodes of the stages before run 2.0.0; nothing starts before n0 (unhealthy) serves again',
    },
  ];
  for (const { nodes, all, says } of sights)
    it(`says what its first look shows: ${nodes}`, () =>
      assert.equal(foundAgain(fleet(nodes).nodes, newImage, all), says));
});
