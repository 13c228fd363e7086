import assert from 'node:assert/strict';
import type { TargetRegion } from '@azure/arm-compute';
import fc from 'fast-check';
import {
  mergeRegions,
  parseRegions,
  regionKey,
  type WantedRegion,
  withHome,
} from '../../../tasks/common/azure/gallery-regions.ts';

describe('parseRegions', () => {
  const cases: readonly { line: string; region: WantedRegion }[] = [
    { line: 'koreacentral', region: { name: 'koreacentral' } },
    { line: 'Korea Central', region: { name: 'koreacentral' } },
    { line: 'koreacentral=3', region: { name: 'koreacentral', replicas: 3 } },
    { line: 'East US 2 = 2, standard_zrs', region: { name: 'eastus2', replicas: 2, storage: 'Standard_ZRS' } },
  ];
  for (const { line, region } of cases)
    it(`reads "${line}"`, () => assert.deepEqual(parseRegions('targetRegions', [line]), [region]));

  const refusals = [
    { lines: ['koreacentral=0'], hint: /1 to 100/, code: 'InputOutOfRange' },
    { lines: ['koreacentral=101'], hint: /1 to 100/, code: 'InputOutOfRange' },
    { lines: ['koreacentral=1,Fast_LRS'], hint: /Standard_ZRS/ },
    { lines: ['koreacentral, japaneast'], hint: /Write a region/ },
    { lines: ['koreacentral=Standard_ZRS'], hint: /Write a region/ },
    { lines: ['koreacentral', 'Korea Central'], hint: /koreacentral twice/, code: 'ContradictoryInputs' },
  ];
  for (const { lines, hint, code = 'InvalidInput' } of refusals)
    it(`refuses ${JSON.stringify(lines)}`, () =>
      assert.throws(() => parseRegions('targetRegions', lines), { code, hint }));
});

describe('withHome', () => {
  it('puts the source’s region first when it is missing', () =>
    assert.deepEqual(withHome([{ name: 'japaneast' }], 'Korea Central'), [
      { name: 'koreacentral' },
      { name: 'japaneast' },
    ]));
  it('leaves it where it is', () =>
    assert.equal(withHome([{ name: 'koreacentral', replicas: 2 }], 'koreacentral').length, 1));
});

describe('mergeRegions', () => {
  const present: readonly TargetRegion[] = [
    { name: 'Korea Central', regionalReplicaCount: 3, storageAccountType: 'Standard_ZRS', encryption: {} },
    { name: 'Japan East', regionalReplicaCount: 1 },
  ];
  const [korea, japan] = present;

  const cases = [
    {
      name: 'changes nothing when all is there',
      wanted: [{ name: 'koreacentral' }],
      regions: present,
      changes: [],
      kept: [],
    },
    {
      name: 'adds a region and keeps the others as they are',
      wanted: [{ name: 'eastus', replicas: 2 }],
      regions: [...present, { name: 'eastus', regionalReplicaCount: 2 }],
      changes: ['eastus is added'],
      kept: [],
    },
    {
      name: 'raises replicas',
      wanted: [{ name: 'japaneast', replicas: 2 }],
      regions: [korea, { ...japan, regionalReplicaCount: 2 }],
      changes: ['japaneast goes from 1 to 2 replicas'],
      kept: [],
    },
    {
      name: 'never lowers replicas',
      wanted: [{ name: 'koreacentral', replicas: 1 }],
      regions: present,
      changes: [],
      kept: ['koreacentral keeps its 3 replicas'],
    },
  ];
  for (const { name, wanted, ...merge } of cases)
    it(name, () => assert.deepEqual(mergeRegions(present, wanted), merge));

  it('refuses another storage, which Azure can not change', () =>
    assert.throws(() => mergeRegions(present, [{ name: 'koreacentral', storage: 'Premium_LRS' }]), {
      code: 'StorageNotUpdatable',
      message: /Standard_ZRS; Premium_LRS/,
    }));

  it('never loses a region or a replica, whatever is asked for', () => {
    const region = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd', 'e'), count: fc.integer({ min: 1, max: 9 }) });
    const regions = fc.uniqueArray(region, { selector: ({ name }) => name });
    fc.assert(
      fc.property(regions, regions, (has, asks) => {
        const before = has.map(({ name, count }) => ({ name, regionalReplicaCount: count }));
        const after = mergeRegions(
          before,
          asks.map(({ name, count }) => ({ name, replicas: count })),
        ).regions;
        const counts = new Map(after.map((one) => [regionKey(one.name), one.regionalReplicaCount ?? 1]));
        for (const { name, count } of [...has, ...asks]) assert.ok((counts.get(name) ?? 0) >= count, name);
        assert.equal(counts.size, after.length);
      }),
    );
  });
});
