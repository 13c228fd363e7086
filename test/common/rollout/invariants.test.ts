import assert from 'node:assert/strict';
import { assertSafe } from '../../../tasks/common/rollout/invariants.ts';
import type { Limits } from '../../../tasks/common/rollout/limits.ts';
import { fleet } from '../../support/fleet-picture.ts';

const choices = { sickBefore: new Set<string>(), drains: true, onDrainTimeout: 'fail' } as const;
const drain = (...nodeIds: readonly string[]) => [{ kind: 'drain' as const, nodeIds, reason: '' }];

interface Case {
  readonly title: string;
  readonly nodes: string;
  readonly taken: readonly string[];
  readonly limits?: Partial<Limits>;
  readonly says: RegExp;
}

const cases: readonly Case[] = [
  {
    title: 'takes one node too many',
    nodes: 'old old old',
    taken: ['0', '1'],
    says: /2 nodes would be on their way, the limit is 1/,
  },
  {
    title: 'takes a node while another is on its way',
    nodes: 'moving old',
    taken: ['1'],
    says: /2 nodes would be on their way/,
  },
  {
    title: 'takes a server while a sick node uses up the limit',
    nodes: 'old old!',
    taken: ['0'],
    says: /2 nodes would be unavailable, the limit is 1/,
  },
  {
    title: 'takes a node twice',
    nodes: 'old old',
    taken: ['0', '0'],
    limits: { maxUnavailable: 2 },
    says: /a node was chosen twice/,
  },
  {
    title: 'takes a node that has the target image',
    nodes: 'new old',
    taken: ['0'],
    says: /n0 already runs the target image/,
  },
  {
    title: 'takes a node while one that was healthy on the target is not any more',
    nodes: 'new^ old',
    taken: ['1'],
    limits: { maxUnavailable: 2 },
    says: /n0 fell sick on the target: nothing new may be started/,
  },
  { title: 'takes a protected node', nodes: 'spared old', taken: ['0'], says: /n0 is to be left alone/ },
  { title: 'takes a node that asks to be left out', nodes: 'out old', taken: ['0'], says: /n0 is to be left alone/ },
  {
    title: 'takes a node that could not be drained twice',
    nodes: 'twice old',
    taken: ['0'],
    says: /n0 is to be left alone/,
  },
  {
    title: 'takes a node while another one returns',
    nodes: 'back old',
    taken: ['1'],
    says: /2 nodes would be on their way/,
  },
  {
    title: 'takes a node that is not there',
    nodes: 'old',
    taken: ['7'],
    says: /a node was chosen that this look did not show/,
  },
];

describe('assertSafe', () => {
  it('lets a decision within the limits pass', () =>
    assert.doesNotThrow(() => assertSafe(fleet('old old new'), choices, drain('0'))));

  for (const [picture, renews] of [
    ['stale:drained new', undefined],
    ['drained new', true],
  ] as const)
    it(`stops a decision that ${renews ? 'renews a node of another image' : 'upgrades a node that is to be renewed'}`, () =>
      assert.throws(
        () =>
          assertSafe(fleet(picture), choices, [
            { kind: 'replace', nodeIds: ['0'], reason: '', ...(renews && { renews }) },
          ]),
        /n0 would be replaced by the wrong call/,
      ));

  it('stops a decision that puts a node back without need', () =>
    assert.throws(
      () => assertSafe(fleet('old stuck'), choices, [{ kind: 'putBack', nodeIds: ['0'], reason: '' }]),
      /0 is put back without need/,
    ));

  for (const { title, nodes, taken, limits, says } of cases)
    it(`stops a decision that ${title}`, () =>
      assert.throws(() => assertSafe(fleet(nodes, limits), choices, drain(...taken)), {
        name: 'AssertionError',
        message: says,
      }));
});
