import { Dictionary } from '../expressions/values.ts';
import { itemsOf, resolve } from '../templates/expand.ts';
import { Fields, textOf } from '../templates/read.ts';
import { type Bound, withVariables } from '../templates/scope.ts';
import { isTemplate, openTemplate, type TemplateSource } from '../templates/template.ts';
import { notPlayed } from '../yaml/problem.ts';
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
    else found.push(readItem(seeing));
  }
  return found;
}

function readItem(item: Bound): VariableDefinition {
  const fields = Fields.of(item, 'variables', ['name', 'value', 'readonly', 'group']);
  if (fields.has('group')) throw notPlayed(fields.placeOf('group'), 'variables.group');
  const place = fields.placeOf('value');
  return {
    name: fields.needText('name'),
    value: readVariableValue(fields.text('value') ?? '', place),
    readonly: fields.flag('readonly', false),
    place,
  };
}
