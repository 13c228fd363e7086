import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Failure } from '../../../tasks/common/failure.ts';
import { readRecord, writeRecord } from '../../../tasks/common/record/codec.ts';
import { type Paused, recordStates } from '../../../tasks/common/record/record.ts';
import type { Tags } from '../../../tasks/common/record/tag-fields.ts';
import { oldImage } from '../../support/fleet-picture.ts';
import { goldenRecords } from '../../support/golden-records.ts';
import { record } from '../../support/rollout-record.ts';

describe('the record in tags', () => {
  it('is read as it was written, with everybody else’s tags beside it', () => {
    const tags = writeRecord({ team: 'shop', Cost: '7' }, record);
    assert.deepEqual(readRecord(tags), record);
    assert.deepEqual([tags['team'], tags['Cost']], ['shop', '7']);
  });

  it('can be read by a person in the portal', () => {
    const tags = writeRecord({}, record);
    assert.equal(tags['phoenix-state'], 'waiting');
    assert.equal(tags['phoenix-target'], record.target);
    assert.equal(tags['phoenix-sick'], '3-5,11');
  });

  it('leaves nothing of an older record behind', () => {
    const chosen = ['1', '4', '5'];
    const tags = writeRecord(writeRecord({}, { ...record, previous: oldImage, chosen }), record);
    assert.deepEqual([readRecord(tags)?.previous, readRecord(tags)?.chosen], [undefined, undefined]);
  });

  it('keeps the nodes that a stage names', () => {
    const written = { ...record, chosen: ['1', '4', '5'] };
    assert.deepEqual(readRecord(writeRecord({}, written)), written);
  });

  it('keeps what the stages before have brought', () => {
    const written = { ...record, promised: 3, promisedNodes: ['0', '1', '7'] };
    const tags = writeRecord({}, written);
    assert.deepEqual(readRecord(tags), written);
    assert.equal(tags['phoenix-promised-nodes'], '0-1,7');
  });

  const pauses: readonly Paused[] = [
    { repairs: true },
    { autoscale: 'shop-scale' },
    { upgradeMode: 'Rolling', osUpgrades: true },
    { repairs: true, autoscale: 'a'.repeat(260), upgradeMode: 'Automatic' },
    { protection: ['0', '1', '2', '17'] },
  ];
  for (const paused of pauses)
    it(`keeps what is paused: ${Object.keys(paused).join(', ')}`, () => {
      const written = { ...record, paused };
      assert.deepEqual(readRecord(writeRecord({}, written)), written);
      assert.deepEqual(readRecord(writeRecord(writeRecord({}, written), record)), record);
    });

  it('keeps every value within the 256 characters of a tag, whatever the length of the ids', () => {
    const images = fc.string({
      minLength: 1,
      maxLength: 900,
      size: 'max',
      unit: fc.constantFrom('a', '/', 'Z', '9', '-'),
    });
    fc.assert(
      fc.property(
        images,
        images,
        fc.constantFrom(...recordStates),
        fc.uniqueArray(fc.nat(999)),
        (target, stable, state, sick) => {
          const written = { ...record, target, stable, state, sick: sick.sort((a, b) => a - b).map(String) };
          const tags = writeRecord({}, written);
          assert.ok(Object.values(tags).every((value) => value.length <= 256));
          assert.deepEqual(readRecord(tags), written);
        },
      ),
    );
  });

  it('is not there when no tag is ours', () => assert.equal(readRecord({ team: 'shop' }), undefined));

  it('is read whatever the case of the tag names', () => {
    const shouting = Object.fromEntries(
      Object.entries(writeRecord({}, record)).map(([name, value]) => [name.toUpperCase(), value]),
    );
    assert.deepEqual(readRecord(shouting), record);
  });

  const damaged: readonly (readonly [string, (tags: Tags) => Tags, RegExp])[] = [
    ['of no schema', ({ 'phoenix-schema': _gone, ...tags }) => tags, /its schema is missing/],
    ['of a schema that never was', (tags) => ({ ...tags, 'phoenix-schema': 'two' }), /its schema is two/],
    ['with a model in words', (tags) => ({ ...tags, 'phoenix-model': '24.1.0 as it was' }), /phoenix-model is "24/],
    ['without a target', ({ 'phoenix-target': _gone, ...tags }) => tags, /phoenix-target is missing/],
    ['with a number of nodes in words', (tags) => ({ ...tags, 'phoenix-wanted': 'many' }), /phoenix-wanted is "many"/],
    ['with checkpoints in words', (tags) => ({ ...tags, 'phoenix-checkpoints': '1,half' }), /is "half"/],
    ['with an end that is no time', (tags) => ({ ...tags, 'phoenix-owner-expires': 'soon' }), /expires is "soon"/],
    ['with a mode that is no former mode', (tags) => ({ ...tags, 'phoenix-former-mode': 'Manual' }), /"Manual"/],
    ['with protection in words', (tags) => ({ ...tags, 'phoenix-lifted-protection': '1,two' }), /"1,two"/],
    ['with repairs that are neither', (tags) => ({ ...tags, 'phoenix-paused-repairs': 'maybe' }), /"maybe"/],
    ['in a state that nobody knows', (tags) => ({ ...tags, 'phoenix-state': 'dancing' }), /"dancing"/],
  ];
  for (const [what, damage, message] of damaged)
    it(`is refused ${what}`, () =>
      assert.throws(
        () => readRecord(damage(writeRecord({}, record))),
        (error) => error instanceof Failure && error.code === 'RecordUnreadable' && message.test(error.message),
      ));

  it('is refused of a newer schema, by its number', () =>
    assert.throws(() => readRecord({ ...writeRecord({}, record), 'phoenix-schema': '3' }), {
      code: 'RecordTooNew',
      message: /of schema 3; this version of the task reads 1 and 2/,
    }));

  for (const { title, tags, record: golden } of goldenRecords)
    it(`reads what was written once: ${title}`, () => {
      assert.deepEqual(readRecord(tags), golden);
      const renewed = writeRecord(tags, golden);
      assert.deepEqual(readRecord(renewed), golden);
      assert.deepEqual(renewed, { ...tags, 'phoenix-schema': '2' });
    });

  it('is refused where the tags would be more than fifty', () => {
    const many = Object.fromEntries(Array.from({ length: 45 }, (_, index) => [`t${index}`, 'x']));
    assert.throws(() => writeRecord(many, record), { code: 'TooManyTags' });
  });
});
