import assert from 'node:assert/strict';
import { conclude, unused } from './conclude.ts';
import { findDocuments, whereDocumentsAre } from './documents.ts';
import { exceptions } from './exceptions.ts';
import { type Judge, openJudge } from './judge.ts';
import type { Pair } from './pair.ts';

const root = '/subscriptions/00000000-0000-4000-8000-000000000001';
const compute = `${root}/resourceGroups/web/providers/Microsoft.Compute`;
const poll = `${root}/providers/Microsoft.Compute/locations/koreacentral/operations/aaaaaaaa-0000-4000-8000-000000000001`;

const named = { id: `${compute}/virtualMachineScaleSets/shop` };

const get = (change: object): Pair => ({
  method: 'GET',
  path: `${compute}/virtualMachineScaleSets/shop`,
  query: { 'api-version': '2026-03-01' },
  requestBody: undefined,
  status: 200,
  headers: {},
  responseBody: { ...named, location: 'koreacentral' },
  test: 'here',
  ...change,
});
const post = (change: object) =>
  get({
    method: 'POST',
    path: `${compute}/virtualMachineScaleSets/shop/manualupgrade`,
    requestBody: { instanceIds: ['0'] },
    status: 202,
    headers: { location: 'https://management.azure.com/there', 'retry-after': '10' },
    responseBody: undefined,
    ...change,
  });
const properties = (members: object) =>
  get({ responseBody: { ...named, location: 'koreacentral', properties: members } });

const fine: readonly [string, Pair][] = [
  ['a body as the documents have it', get({})],
  ['a 202 that says where to ask and when', post({})],
  ['an error in its envelope', get({ status: 404, responseBody: { error: { code: 'A', message: 'b' } } })],
  [
    'a bad request that is refused',
    post({ requestBody: {}, status: 400, responseBody: { error: { code: 'A', message: 'b' } } }),
  ],
  [
    'a status document of a running operation',
    get({ path: poll, headers: { 'retry-after': '1' }, responseBody: { status: 'InProgress' } }),
  ],
];

const wrong: readonly [string, Pair, RegExp][] = [
  ['a member that nobody knows', properties({ colour: 'red' }), /OBJECT_ADDITIONAL_PROPERTIES.*colour/],
  [
    'a text in place of a number',
    get({ responseBody: { location: 'a', sku: { capacity: '4' } } }),
    /INVALID_TYPE.*capacity/,
  ],
  ['a missing member', get({ responseBody: {} }), /OBJECT_MISSING_REQUIRED_PROPERTY.*location/],
  ['a status that is not declared', get({ status: 201 }), /INVALID_RESPONSE_CODE/],
  [
    'a bad request that is accepted',
    post({ requestBody: {} }),
    /request of 202: OBJECT_MISSING_REQUIRED_PROPERTY.*instanceIds/,
  ],
  [
    'a word that an open enumeration does not have',
    properties({ orchestrationMode: 'Foo' }),
    /ENUM \/properties\/orchestrationMode "Foo"/,
  ],
  ['an error without envelope', get({ status: 404, responseBody: { code: 'A', message: 'b' } }), /ENVELOPE/],
  [
    'a 429 that does not say when to come back',
    get({ status: 429, responseBody: { error: { code: 'A', message: 'b' } } }),
    /HEADER.*no retry-after/,
  ],
  ['a 202 that does not say where to ask', post({ headers: {} }), /LRO_HEADER/],
  ['a 202 that does not say when to ask', post({ headers: { location: 'there' } }), /HEADER.*no retry-after/],
  [
    'a running operation that does not say when to ask',
    get({ path: poll, responseBody: { status: 'InProgress' } }),
    /HEADER.*no retry-after/,
  ],
  ['a failed operation without error', get({ path: poll, responseBody: { status: 'Failed' } }), /STATUS/],
  ['an operation that no document has', get({ path: `${compute}/unicorns/one` }), /OPERATION_UNKNOWN/],
  [
    'an api-version that nobody has mapped',
    get({ query: { 'api-version': '2031-01-01' } }),
    /VERSION_UNKNOWN.*2031-01-01/,
  ],
];

describe('The judge of conformance', function () {
  this.timeout(30_000);
  let judge: Judge;

  before(async function () {
    const folder = findDocuments();
    if (!folder) {
      console.log(`    skipped: ${whereDocumentsAre}`);
      return this.skip();
    }
    judge = await openJudge(folder);
  });

  for (const [name, pair] of fine)
    it(`accepts ${name}`, async () => assert.deepEqual((await conclude(judge, [pair])).deviations, []));

  for (const [name, pair, says] of wrong)
    it(`finds ${name}`, async () => assert.match((await conclude(judge, [pair])).deviations.join('\n'), says));

  it('tells one deviation once, however many make it', async () => {
    const { pairs, deviations } = await conclude(judge, [get({ status: 201 }), get({ status: 201, test: 'there' })]);
    assert.deepEqual([pairs, deviations.length], [2, 1]);
    assert.match(deviations[0] ?? '', /first in: here/);
  });
});

describe('The exceptions of conformance', () => {
  it('are ten at most, each with a name and a reason', () => {
    assert.ok(exceptions.length <= 10);
    assert.equal(new Set(exceptions.map(({ name }) => name)).size, exceptions.length);
    for (const { because } of exceptions) assert.ok(because.length > 40);
  });

  it('are told when nothing needs them', () => assert.deepEqual(unused(new Set()), exceptions));
});
