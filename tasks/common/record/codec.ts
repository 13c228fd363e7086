import { countIn, printIn, printText, renewIn, required, stateIn, timeIn, wantedIn } from './fields.ts';
import { decodePaused, encodePaused, isPausedField } from './paused-codec.ts';
import { fromRanges, toRanges } from './ranges.ts';
import type { RolloutRecord } from './record.ts';
import { renewalText } from './renewal.ts';
import { decodeFields, fieldOf, inParts, isOurs, prefix, type Tags } from './tag-fields.ts';
import { maxTags, tooManyTags } from './too-many-tags.ts';
import { assertReadable, schema, unreadable } from './unreadable.ts';

/** The full tag map with the record in it: everybody else's tags stay as they are. */
export function writeRecord(tags: Tags, record: RolloutRecord): Tags {
  const others = forgetRecord(tags);
  const written = { ...others, ...encode(record) };
  const ours = Object.keys(written).filter(isOurs);
  if (Object.keys(written).length > maxTags) throw tooManyTags(Object.keys(others).length, ours, record);
  return written;
}

/** Everybody else's tags alone. */
export const forgetRecord = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([name]) => !isOurs(name)));

/** Tags that say what is paused or lifted, as they are. */
export const pausedTags = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([name]) => isOurs(name) && isPausedField(fieldOf(name))));

/** Is there a record, be it one that can be read or not? */
export const hasRecord = (tags: Tags): boolean => Object.keys(tags).some(isOurs);

/** The record in the tags; undefined when there is none. Damaged or newer records are refused, never guessed. */
export function readRecord(tags: Tags): RolloutRecord | undefined {
  const fields = decodeFields(tags);
  if (fields.size === 0) return undefined;
  assertReadable(fields.get('schema'));
  const previous = fields.get('previous');
  const chosen = fields.get('chosen');
  const checkpoints = fields.get('checkpoints');
  const passed = fields.get('passed');
  const promised = fields.get('promised');
  const promisedNodes = fields.get('promised-nodes');
  const paused = decodePaused(fields, unreadable);
  const renew = fields.get('renew');
  const model = fields.get('model');
  return {
    rolloutId: required(fields, 'rollout'),
    state: stateIn(required(fields, 'state')),
    target: required(fields, 'target'),
    stable: required(fields, 'stable'),
    ...(previous !== undefined && { previous }),
    stage: required(fields, 'stage'),
    wanted: wantedIn(required(fields, 'wanted')),
    ...(chosen !== undefined && { chosen: fromRanges(chosen) }),
    ...(checkpoints !== undefined && { checkpoints: checkpoints.split(',').map(countIn('checkpoints')) }),
    ...(passed !== undefined && { passed: countIn('passed')(passed) }),
    ...(promised !== undefined && { promised: countIn('promised')(promised) }),
    ...(promisedNodes !== undefined && { promisedNodes: fromRanges(promisedNodes) }),
    sick: fromRanges(fields.get('sick') ?? ''),
    ...(renew !== undefined && { renew: renewIn(renew) }),
    ...(paused && { paused }),
    ...(model !== undefined && { model: printIn(model) }),
    ...(fields.get('scaleout') === 'new' && { scaleOut: 'new' as const }),
    owner: {
      run: required(fields, 'owner-run'),
      attempt: required(fields, 'owner-attempt'),
      name: fields.get('owner-name') ?? '',
      url: fields.get('owner-url') ?? '',
      token: required(fields, 'owner-token'),
      expires: timeIn('owner-expires', required(fields, 'owner-expires')),
    },
  };
}

function encode(record: RolloutRecord): Tags {
  const { owner } = record;
  return Object.fromEntries(
    Object.entries({
      schema,
      rollout: record.rolloutId,
      state: record.state,
      target: record.target,
      stable: record.stable,
      previous: record.previous ?? '',
      stage: record.stage,
      wanted: String(record.wanted),
      chosen: toRanges(record.chosen ?? []),
      checkpoints: (record.checkpoints ?? []).join(','),
      passed: record.passed === undefined ? '' : String(record.passed),
      promised: record.promised === undefined ? '' : String(record.promised),
      'promised-nodes': toRanges(record.promisedNodes ?? []),
      sick: toRanges(record.sick),
      renew: record.renew === undefined ? '' : renewalText(record.renew),
      ...encodePaused(record.paused ?? {}),
      model: record.model === undefined ? '' : printText(record.model),
      scaleout: record.scaleOut ?? '',
      'owner-run': owner.run,
      'owner-attempt': owner.attempt,
      'owner-name': owner.name,
      'owner-url': owner.url,
      'owner-token': owner.token,
      'owner-expires': new Date(owner.expires).toISOString(),
    })
      .filter(([, value]) => value !== '')
      .flatMap(([name, value]) => inParts(`${prefix}${name}`, value)),
  );
}
