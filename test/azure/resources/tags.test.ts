import assert from 'node:assert/strict';
import { addGalleryVersion, addScaleSet, testSubscription } from '../compute/builders.ts';
import { registerSubscription } from '../index.ts';
import { type Bench, codeOf, openBench } from '../support.ts';

describe('Tags as a resource of their own', () => {
  let bench: Bench;
  const web = '/resourceGroups/web/providers/Microsoft.Resources/tags/default';
  const tags = () => (bench.arm(`GET ${web}`).body as { properties: { tags: object } }).properties.tags;
  const patch = (operation: string, given: object) =>
    bench.arm(`PATCH ${web}`, { operation, properties: { tags: given } });
  beforeEach(() => {
    bench = openBench();
    bench.arm('PUT /resourceGroups/web', { location: 'koreacentral', tags: { app: 'shop', cost: '42' } });
  });
  afterEach(() => bench.close());

  it('are those of the group', () => {
    assert.deepEqual(bench.arm(`GET ${web}`).body, {
      id: `${bench.subscription}${web}`,
      name: 'default',
      type: 'Microsoft.Resources/tags',
      properties: { tags: { app: 'shop', cost: '42' } },
    });
  });

  it('are replaced as a whole by PUT, and all gone after DELETE', () => {
    bench.arm(`PUT ${web}`, { properties: { tags: { team: 'blue' } } });
    assert.deepEqual(tags(), { team: 'blue' });
    assert.equal(bench.arm(`DELETE ${web}`).status, 200);
    assert.deepEqual(tags(), {});
  });

  const patches = [
    { operation: 'Merge', given: { cost: '7', team: 'red' }, left: { app: 'shop', cost: '7', team: 'red' } },
    { operation: 'Replace', given: { team: 'red' }, left: { team: 'red' } },
    { operation: 'Delete', given: { app: '', cost: '7' }, left: { cost: '42' } },
    { operation: 'Delete', given: { cost: '42' }, left: { app: 'shop' } },
  ];
  for (const { operation, given, left } of patches)
    it(`are changed one by one: ${operation} ${JSON.stringify(given)}`, () => {
      assert.equal(patch(operation, given).status, 200);
      assert.deepEqual(tags(), left);
    });

  it('know no other operation', () => assert.equal(patch('Add', {}).status, 400));

  it('are those of a resource too, whose etag they change', () => {
    registerSubscription(bench.world, { id: testSubscription, name: 'test', tenantId: bench.directory.tenantId });
    const { id: image } = addGalleryVersion(bench.world, { version: '1.0.0' });
    const set = addScaleSet(bench.world, { name: 'shop', image });
    const { etag } = set;
    const url = `https://management.azure.com${set.id}/providers/Microsoft.Resources/tags/default?api-version=2024-07-01`;
    assert.equal(bench.arm(`PUT ${url}`, { properties: { tags: { team: 'blue' } } }).status, 200);
    assert.deepEqual(set.tags, { team: 'blue' });
    assert.notEqual(set.etag, etag);
  });

  it('are not there where the scope is not', () => {
    const nowhere = '/resourceGroups/nowhere/providers/Microsoft.Resources/tags/default';
    assert.equal(codeOf(bench.arm(`GET ${nowhere}`)), 'ResourceGroupNotFound');
    assert.equal(codeOf(bench.arm(`PUT ${nowhere}`, { properties: { tags: {} } })), 'ResourceGroupNotFound');
  });
});
