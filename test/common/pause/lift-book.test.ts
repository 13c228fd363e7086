import assert from 'node:assert/strict';
import { LiftBook } from '../../../tasks/common/pause/lift-book.ts';
import type { Node } from '../../../tasks/common/rollout/node.ts';
import { fleet } from '../../support/fleet-picture.ts';

describe('the book of lifted protection', () => {
  const [some] = fleet('old').nodes as [Node];
  const node = (id: string, changes: Partial<Node> = {}): Node => ({ ...some, id, name: `n${id}`, ...changes });
  const anyhow = () => true;
  const names = (nodes: readonly Node[]) => nodes.map(({ name }) => name);

  it('tells of every change, before anything else happens', () => {
    const told: string[] = [];
    const book = new LiftBook(['10', '9'], (ids) => told.push(ids.join(' ')));
    book.note('3', { askedAt: 5 });
    book.note('10', undefined);
    assert.deepEqual(told, ['3 9 10', '3 9']);
    assert.deepEqual(book.open, ['3', '9']);
  });

  it('closes what a look shows protected, and says so of what this run had lifted', () => {
    const book = new LiftBook(['1'], () => {});
    book.note('2', { askedAt: 5 });
    const back = book.look([node('1', { protected: true }), node('2', { protected: true })], anyhow);
    assert.deepEqual([names(back), book.open], [['n2'], []]);
  });

  const open: readonly (readonly [string, Partial<Node>, () => boolean])[] = [
    ['not protected', {}, anyhow],
    ['being worked with', { protected: true, provisioning: 'working' }, anyhow],
    ['protected as it was before the order', { protected: true }, () => false],
  ];
  for (const [what, changes, mayBeBack] of open)
    it(`keeps a node that is ${what}`, () => {
      const book = new LiftBook(['1'], () => {});
      assert.deepEqual([book.look([node('1', changes)], mayBeBack), book.open], [[], ['1']]);
    });

  for (const [what, nodes] of [
    ['gone', []],
    ['being deleted', [node('1', { provisioning: 'deleting' })]],
  ] as const)
    it(`forgets a node that is ${what}, and does not say that it is protected`, () => {
      const book = new LiftBook(['1'], () => {});
      assert.deepEqual([book.look(nodes, anyhow), book.open], [[], []]);
    });

  it('sees headway once for each protection that is lifted and given back', () => {
    const book = new LiftBook([], () => {});
    const looks = ['lifted', 'lifted', 'back', 'lifted', 'back'].map((state) => {
      if (state === 'lifted') book.note('1', { askedAt: 5 });
      book.look([node('1', { protected: state === 'back' })], anyhow);
      return book.headway;
    });
    assert.deepEqual(looks, [true, false, true, false, false]);
  });

  it('knows who lacks protection and can be written', () => {
    const book = new LiftBook(['1', '2', '3'], () => {});
    book.look([node('1'), node('2', { provisioning: 'working' }), node('3', { provisioning: 'failed' })], anyhow);
    assert.deepEqual(names(book.lacking()), ['n1', 'n3']);
  });
});
