import { pausedFields } from './paused-codec.ts';

/** Tags of one resource: at most 50, values of at most 256 characters (tag-resources page). */
export type Tags = Readonly<Record<string, string>>;

/** What the names of our tags begin with. */
export const prefix = 'phoenix-';

const valueLength = 256;

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
    'renew',
    'model',
    'scaleout',
  ],
  ...pausedFields,
  ...['run', 'attempt', 'name', 'url', 'token', 'expires'].map((part) => `owner-${part}`),
]);

/** Image ids can be longer than a value may be: `phoenix-target`, `phoenix-target.2`, … */
export function inParts(name: string, value: string): readonly (readonly [string, string])[] {
  const count = Math.ceil(value.length / valueLength);
  return Array.from({ length: count }, (_, index) => [
    index === 0 ? name : `${name}.${index + 1}`,
    value.slice(index * valueLength, (index + 1) * valueLength),
  ]);
}

/** Our fields by their names, without the prefix, each put together from its parts. */
export function decodeFields(tags: Tags): ReadonlyMap<string, string> {
  const parts = Object.entries(tags)
    .filter(([name]) => isOurs(name))
    .map(([name, value]) => ({ ...nameAndPart(name), value }))
    .sort((one, other) => one.part - other.part);
  const fields = new Map<string, string>();
  for (const { field, value } of parts) fields.set(field, (fields.get(field) ?? '') + value);
  return fields;
}

/** `target` of `phoenix-target.2`. */
export const fieldOf = (name: string): string => nameAndPart(name).field;

function nameAndPart(name: string): { field: string; part: number } {
  const [field = '', part = '1'] = name.slice(prefix.length).toLowerCase().split('.');
  return { field, part: Number(part) };
}

/** Tag names are kept without regard to case by Azure. Somebody else's may begin with our prefix and are theirs. */
export const isOurs = (name: string) =>
  name.toLowerCase().startsWith(prefix) && fieldNames.has(nameAndPart(name).field) && nameAndPart(name).part >= 1;
