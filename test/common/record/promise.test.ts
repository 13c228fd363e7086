import assert from 'node:assert/strict';
import { promisedTo } from '../../../tasks/common/record/promise.ts';
import type { RolloutRecord } from '../../../tasks/common/record/record.ts';
import { fleet, newImage } from '../../support/fleet-picture.ts';
import { record } from '../../support/rollout-record.ts';

const { chosen: _none, ...waiting } = record;
const all = { wanted: 'all' } as const;

interface Case {
  readonly title: string;
  readonly stage: Pick<RolloutRecord, 'wanted' | 'chosen'>;
  readonly basis: RolloutRecord | undefined;
  readonly nodes: string;
  readonly finds: Pick<RolloutRecord, 'promised' | 'promisedNodes'>;
}

const four = 'old old old old';

const cases: readonly Case[] = [
  { title: 'the number of the stage before', stage: all, basis: waiting, nodes: four, finds: { promised: 2 } },
  {
    title: 'the nodes that the stage before named, and where they are',
    stage: all,
    basis: { ...waiting, wanted: 2, chosen: ['3', '77'] },
    nodes: four,
    finds: { promised: 2, promisedNodes: ['3'] },
  },
  {
    title: 'all nodes that stages before named, one after the other',
    stage: all,
    basis: { ...waiting, wanted: 1, chosen: ['2'], promised: 1, promisedNodes: ['0'] },
    nodes: four,
    finds: { promised: 2, promisedNodes: ['0', '2'] },
  },
  {
    title: 'the most that was ever asked for',
    stage: all,
    basis: { ...waiting, wanted: 1, promised: 3 },
    nodes: four,
    finds: { promised: 3 },
  },
  {
    title: 'no more than this stage itself asks for',
    stage: { wanted: 1 },
    basis: waiting,
    nodes: four,
    finds: { promised: 1 },
  },
  {
    title: 'what a stage that died had found',
    stage: all,
    basis: { ...waiting, state: 'rolling', wanted: 'all', promised: 1 },
    nodes: 'new new old old',
    finds: { promised: 1 },
  },
  {
    title: 'nothing where the first stage died',
    stage: all,
    basis: { ...waiting, state: 'rolling' },
    nodes: 'new old old old',
    finds: {},
  },
  {
    title: 'what is there where no record tells',
    stage: all,
    basis: undefined,
    nodes: 'new old new gone',
    finds: { promised: 2 },
  },
  {
    title: 'what is there where the rollout had come to its end',
    stage: all,
    basis: { ...waiting, state: 'whole' },
    nodes: 'new new new old',
    finds: { promised: 3 },
  },
  { title: 'nothing in a set that is new to it', stage: all, basis: undefined, nodes: four, finds: {} },
];

describe('what a stage finds promised', () => {
  for (const { title, stage, basis, nodes, finds } of cases)
    it(`is ${title}`, () => assert.deepEqual(promisedTo(stage, basis, fleet(nodes).nodes, newImage), finds));
});
