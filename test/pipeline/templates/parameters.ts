import { Dictionary, toText, type Value } from '../expressions/values.ts';
import { PipelineError, type Place } from '../yaml/problem.ts';
import { itemsOf, toValue } from './expand.ts';
import { asFlag, Fields, textOf } from './read.ts';
import type { Bound } from './scope.ts';

/** Where a parameter's value may come from: a caller's YAML, or the person who starts the run. */
export type Given = ReadonlyMap<string, { readonly value: Value; readonly place: Place }>;

/** Reads a `parameters:` list (learn.microsoft.com/azure/devops/pipelines/yaml-schema/parameters-parameter). */
export function readParameters(declared: Bound | undefined, given: Given): Dictionary {
  const known = declared === undefined ? [] : itemsOf(declared).map((item) => readParameter(item, given));
  for (const [name, { place }] of given) {
    if (!known.some(([key]) => key.toLowerCase() === name.toLowerCase())) {
      throw new PipelineError(place, `parameter "${name}" is not declared`);
    }
  }
  return new Dictionary(known);
}

function readParameter(item: Bound, given: Given): readonly [string, Value] {
  const fields = Fields.of(item, 'parameters', ['name', 'displayName', 'type', 'default', 'values']);
  const name = fields.needText('name');
  const type = fields.text('type') ?? 'string';
  const handed = [...given].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  const fallback = fields.get('default');
  const place = handed?.place ?? fields.placeOf('default');
  if (handed === undefined && fallback === undefined)
    throw new PipelineError(fields.place, `parameter "${name}" needs a value`);
  const value = typed(handed?.value ?? (fallback ? toValue(fallback) : ''), type, name, place, fields.placeOf('type'));
  refuseUnlisted(value, fields.get('values'), name, place);
  return [name, value];
}

function typed(value: Value, type: string, name: string, place: Place, typePlace: Place): Value {
  const wrong = () => new PipelineError(place, `parameter "${name}" is "${toText(value)}"; a ${type} is wanted`);
  switch (type) {
    case 'string':
      if (value !== null && typeof value === 'object' && !('parts' in value)) throw wrong();
      return toText(value);
    case 'number': {
      const number = Number(toText(value));
      if (toText(value).trim() === '' || Number.isNaN(number)) throw wrong();
      return number;
    }
    case 'boolean': {
      const flag = asFlag(toText(value));
      if (flag === undefined) throw wrong();
      return flag;
    }
    case 'object':
    case 'step':
    case 'stepList':
    case 'job':
    case 'jobList':
    case 'stage':
    case 'stageList':
      return value;
    default:
      throw new PipelineError(typePlace, `parameter type "${type}" is not played`);
  }
}

function refuseUnlisted(value: Value, values: Bound | undefined, name: string, place: Place): void {
  if (values === undefined) return;
  const allowed = itemsOf(values).map(textOf);
  if (!allowed.some((word) => word.toLowerCase() === toText(value).toLowerCase())) {
    throw new PipelineError(place, `parameter "${name}" is "${toText(value)}"; allowed are ${allowed.join(', ')}`);
  }
}

/** The `parameters:` of a file, found without expanding anything, since all the rest may speak of them. */
export function declaredParameters({ node, scope }: Bound): Bound | undefined {
  const entry = node.kind === 'map' ? node.entries.find(({ key }) => key === 'parameters') : undefined;
  return entry && { node: entry.value, scope };
}
