import { Dictionary } from '../expressions/values.ts';
import { fieldsOf, itemsOf, resolve } from '../templates/expand.ts';
import { Fields, textOf } from '../templates/read.ts';
import { type Bound, withVariables } from '../templates/scope.ts';
import { isTemplate, openTemplate, type TemplateSource } from '../templates/template.ts';
import { PipelineError } from '../yaml/problem.ts';
import { readVariableValue } from './conditions.ts';
import type { VariableDefinition } from './pipeline.ts';

/** Reads `variables:` as mapping or list (learn.microsoft.com/azure/devops/pipelines/yaml-schema/variables). */
export function readVariables(bound: Bound | undefined, source: TemplateSource, depth = 0): VariableDefinition[] {
  if (bound === undefined) return [];
  const resolved = resolve(bound);
  return resolved.node.kind === 'list' ? readList(resolved, source, depth) : readMap(resolved);
}

/** The variables known before a run, those of an inner place hiding outer ones. */
export function staticVariables(outer: Dictionary, inner: readonly VariableDefinition[]): Dictionary {
  const added = inner.flatMap(({ name, value }) => (value.kind === 'text' ? [[name, value.text] as const] : []));
  return new Dictionary([...outer.entries(), ...added]);
}

function readMap(bound: Bound): VariableDefinition[] {
  return Fields.free(bound).map(({ key, place, value }) => ({
    name: key,
    value: readVariableValue(textOf(value), place),
    readonly: false,
    place,
  }));
}

/** Later items see the earlier ones in `${{ variables }}`, as the service expands from top to bottom. */
function readList(bound: Bound, source: TemplateSource, depth: number): VariableDefinition[] {
  const found: VariableDefinition[] = [];
  for (const item of itemsOf(bound)) {
    const seeing = withVariables(item, staticVariables(item.scope.variables, found));
    if (isTemplate(item))
      found.push(...readVariables(openTemplate(seeing, 'variables', source, depth), source, depth + 1));
    else if (isGroup(seeing)) found.push(...readGroup(seeing, source));
    else found.push(readItem(seeing));
  }
  return found;
}

function readItem(item: Bound): VariableDefinition {
  const fields = Fields.of(item, 'variables', ['name', 'value', 'readonly']);
  const place = fields.placeOf('value');
  return {
    name: fields.needText('name'),
    value: readVariableValue(fields.text('value') ?? '', place),
    readonly: fields.flag('readonly', false),
    place,
  };
}

function isGroup(item: Bound): boolean {
  return item.node.kind === 'map' && fieldsOf(item).some(({ key }) => key === 'group');
}

/** The variables of a group that the caller has given (learn.microsoft.com/azure/devops/pipelines/library/variable-groups). */
function readGroup(item: Bound, { variableGroups = {} }: TemplateSource): readonly VariableDefinition[] {
  const fields = Fields.of(item, 'variables', ['group']);
  const place = fields.placeOf('group');
  const wanted = fields.needText('group');
  const group = Object.entries(variableGroups).find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1];
  if (group === undefined) throw new PipelineError(place, `variable group "${wanted}" could not be found`);
  return Object.entries(group).map(([name, given]) => {
    const { value, secret } = typeof given === 'string' ? { value: given, secret: false } : given;
    return { name, value: { kind: 'group', text: value }, readonly: false, place, ...(secret && { secret }) };
  });
}
