import { Failure } from '../failure.ts';
import { decodePaused, encodePaused, pausedFields } from './paused-codec.ts';
import { fromRanges, toRanges } from './ranges.ts';
import { type ModelPrint, type RecordState, type RolloutRecord, recordStates } from './record.ts';

/** Tags of one resource: at most 50, values of at most 256 characters (tag-resources page). */
export type Tags = Readonly<Record<string, string>>;

const prefix = 'phoenix-';

/** What is written; records of older schemas are read as well, and are of this one from their next write on. */
const schema = '2';
const readable: readonly string[] = ['1', '2'];
const valueLength = 256;
const maxTags = 50;

const fieldNames: ReadonlySet<string> = new Set([
  ...[
    'schema',
    'rollout',
    'state',
    'target',
    'stable',
    'previous',
    'stage',
    'wanted',
    'chosen',
    'checkpoints',
    'passed',
    'promised',
    'promised-nodes',
    'sick',
    'model',
    'scaleout',
  ],
  ...pausedFields,
  ...['run', 'attempt', 'name', 'url', 'token', 'expires'].map((part) => `owner-${part}`),
]);

/** The full tag map with the record in it: everybody else's tags stay as they are. */
export function writeRecord(tags: Tags, record: RolloutRecord): Tags {
  const others = forgetRecord(tags);
  const written = { ...others, ...encode(record) };
  const count = Object.keys(written).length;
  const own = Object.keys(others).length;
  if (count > maxTags) {
    throw new Failure(
      'TooManyTags',
      `The scale set has ${own} tags of its own; with the ${count - own} of the rollout record they would be ${count}, and Azure allows ${maxTags}`,
      'Remove tags from the scale set, then run the task again.',
    );
  }
  return written;
}

/** Everybody else's tags alone. */
export const forgetRecord = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([name]) => !isOurs(name)));

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

/** Image ids can be longer than a value may be: `phoenix-target`, `phoenix-target.2`, … */
function inParts(name: string, value: string): readonly (readonly [string, string])[] {
  const count = Math.ceil(value.length / valueLength);
  return Array.from({ length: count }, (_, index) => [
    index === 0 ? name : `${name}.${index + 1}`,
    value.slice(index * valueLength, (index + 1) * valueLength),
  ]);
}

function decodeFields(tags: Tags): ReadonlyMap<string, string> {
  const parts = Object.entries(tags)
    .filter(([name]) => isOurs(name))
    .map(([name, value]) => ({ ...nameAndPart(name), value }))
    .sort((one, other) => one.part - other.part);
  const fields = new Map<string, string>();
  for (const { field, value } of parts) fields.set(field, (fields.get(field) ?? '') + value);
  return fields;
}

function nameAndPart(name: string): { field: string; part: number } {
  const [field = '', part = '1'] = name.slice(prefix.length).toLowerCase().split('.');
  return { field, part: Number(part) };
}

/** Tag names are kept without regard to case by Azure. Somebody else's may begin with our prefix and are theirs. */
const isOurs = (name: string) =>
  name.toLowerCase().startsWith(prefix) && fieldNames.has(nameAndPart(name).field) && nameAndPart(name).part >= 1;

function required(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name);
  if (value === undefined || value === '') throw unreadable(`tag ${prefix}${name} is missing`);
  return value;
}

function stateIn(word: string): RecordState {
  const state = recordStates.find((known) => known === word);
  if (!state) throw unreadable(`tag ${prefix}state is "${word}"`);
  return state;
}

const wantedIn = (text: string): number | 'all' => (text === 'all' ? 'all' : countIn('wanted')(text));

const countIn = (name: string) => (text: string) => {
  if (!/^\d{1,6}$/.test(text)) throw unreadable(`tag ${prefix}${name} is "${text}"`);
  return Number(text);
};

function timeIn(name: string, text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw unreadable(`tag ${prefix}${name} is "${text}"`);
  return time;
}

/** `24.1.0 size=1a2b3c4d osProfile=…`: the version that made the prints, then each part's. */
const printText = ({ by, parts }: ModelPrint) =>
  [by, ...Object.entries(parts).map(([name, print]) => `${name}=${print}`)].join(' ');

function printIn(text: string): ModelPrint {
  const [by = '', ...parts] = text.split(' ');
  const pairs = parts.map((part) => part.split('='));
  if (pairs.some(([name, print]) => !name || !print)) throw unreadable(`tag ${prefix}model is "${text}"`);
  return { by, parts: Object.fromEntries(pairs) };
}

/** Of a newer one nobody here knows what it means: it is not guessed at, and its tags are not to be deleted. */
function assertReadable(version: string | undefined): void {
  if (version !== undefined && readable.includes(version)) return;
  if (version === undefined || !/^\d+$/.test(version) || Number(version) <= Number(schema))
    throw unreadable(`its schema is ${version ?? 'missing'}, this version of the task reads ${readable.join(' and ')}`);
  throw new Failure(
    'RecordTooNew',
    `The rollout record in the tags of the scale set is of schema ${version}; this version of the task reads ${readable.join(' and ')}`,
    'A newer version of this task wrote it: use that one, or let it bring the rollout to its end first. Do not delete the tags.',
  );
}

const unreadable = (why: string) =>
  new Failure(
    'RecordUnreadable',
    `The rollout record in the tags of the scale set cannot be read: ${why}`,
    `Somebody changed the tags that begin with "${prefix}". Restore them, or forget the rollout (RollbackScaleSet with recordAction: forget) and start again from the image that the nodes run.`,
  );
