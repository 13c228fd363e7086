import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inTurn } from '../../../tasks/common/rollout/choose.ts';
import type { Node } from '../../../tasks/common/rollout/node.ts';
import { fleet } from '../../support/fleet-picture.ts';

/** A node a zone named: `1 1 2` are nodes 0, 1 and 2. */
const inZones = (zones: readonly string[]): readonly Node[] =>
  fleet(zones.map(() => 'old').join(' ')).nodes.map((node, index) => ({ ...node, zone: zones[index] ?? '' }));

/** The same with a fault domain: `1.0 1.1 2.0`. */
const inPlaces = (places: readonly string[]): readonly Node[] =>
  inZones(places.map((place) => place.split('.')[0] ?? '')).map((node, index) => ({
    ...node,
    faultDomain: places[index]?.split('.')[1] ?? '',
  }));

const ids = (nodes: readonly Node[]) => nodes.map(({ id }) => id);

describe('the order in which nodes are taken', () => {
  const cases = [
    { title: 'is one of each zone in turn', zones: '1 2 3 1 2 3', order: '0 1 2 3 4 5' },
    { title: 'is by number where there are no zones', zones: '- - -', order: '0 1 2' },
    { title: 'is by shares where zones differ in size', zones: '1 1 1 1 2 2', order: '0 4 1 2 5 3' },
    { title: 'is one of each fault domain in turn within a zone', zones: '1.0 1.0 1.1 2.0', order: '0 2 3 1' },
    {
      title: 'is one of each fault domain in turn where there are no zones',
      zones: '-.0 -.0 -.1 -.2',
      order: '0 2 3 1',
    },
  ];
  for (const { title, zones, order } of cases)
    it(title, () => {
      const nodes = inPlaces(zones.split(' '));
      assert.deepEqual(ids(inTurn(nodes, nodes)).join(' '), order);
    });

  const anyPlaces = fc.array(fc.constantFrom('1.0', '1.1', '1.2', '2.0', '2.1', '3.0'), {
    minLength: 1,
    maxLength: 60,
  });
  const anyZones = fc.array(fc.constantFrom('1', '2', '3'), { minLength: 1, maxLength: 60 });

  it('is the same one by one as all at once', () => {
    fc.assert(
      fc.property(anyPlaces, (places) => {
        const nodes = inPlaces(places);
        let left = nodes;
        const oneByOne: Node[] = [];
        while (left.length > 0) {
          const [next] = inTurn(left, nodes);
          assert.ok(next);
          oneByOne.push(next);
          left = left.filter((node) => node !== next);
        }
        assert.deepEqual(ids(oneByOne), ids(inTurn(nodes, nodes)));
      }),
    );
  });

  it('takes of no zone a whole node more than its share', () => {
    fc.assert(
      fc.property(anyZones, fc.nat(60), (zones, many) => {
        const nodes = inZones(zones);
        const taken = inTurn(nodes, nodes).slice(0, many);
        for (const zone of new Set(zones)) {
          const size = nodes.filter((node) => node.zone === zone).length;
          const lost = taken.filter((node) => node.zone === zone).length;
          const fair = (taken.length * size) / nodes.length;
          assert.ok(lost < fair + 1, `zone ${zone} lost ${lost} of ${size}, its share of ${taken.length} is ${fair}`);
        }
      }),
    );
  });

  it('takes within a zone of no fault domain a whole node more than its share', () => {
    fc.assert(
      fc.property(anyPlaces, fc.nat(60), (places, many) => {
        const nodes = inPlaces(places);
        const taken = inTurn(nodes, nodes).slice(0, many);
        for (const place of new Set(places)) {
          const [zone, domain] = place.split('.');
          const inZone = (some: readonly Node[]) => some.filter((node) => node.zone === zone);
          const here = (some: readonly Node[]) =>
            inZone(some).filter(({ faultDomain }) => faultDomain === domain).length;
          const fair = (inZone(taken).length * here(nodes)) / inZone(nodes).length;
          assert.ok(here(taken) < fair + 1, `${place} lost ${here(taken)} of ${here(nodes)}, its share is ${fair}`);
        }
      }),
    );
  });
});
