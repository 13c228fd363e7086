import type { Json } from '../../core/http.ts';
import { at, list, object, text } from '../../core/json.ts';
import type { ResourceGroup } from '../state.ts';
import { evaluate, invalidTemplate, type Scope } from './expression.ts';

/** One resource of a template with its expressions evaluated. */
export interface TemplateResource {
  readonly id: string;
  /** `Microsoft.Network/virtualNetworks/subnets` */
  readonly type: string;
  readonly name: string;
  readonly apiVersion: string;
  /** What is sent to the provider. */
  readonly body: Json;
  /** Ids that must be there first, lower case. */
  readonly dependsOn: readonly string[];
}

/** Reads `properties.template` with `properties.parameters`; throws InvalidTemplate for what it can't evaluate. */
export function readTemplate(properties: Json, subscriptionId: string, group: ResourceGroup): TemplateResource[] {
  const template = object(properties['template']);
  if (!Array.isArray(template['resources'])) throw invalidTemplate('The template has no resources');
  const scope = scopeOf(template, object(properties['parameters']), subscriptionId, group);
  return inOrder(list(template['resources']).map((resource) => readResource(object(resource), scope)));
}

/** Evaluates the outputs, when all is made. */
export function readOutputs(
  properties: Json,
  subscriptionId: string,
  group: ResourceGroup,
  reference: NonNullable<Scope['reference']>,
): Json {
  const template = object(properties['template']);
  const scope = { ...scopeOf(template, object(properties['parameters']), subscriptionId, group), reference };
  const outputs = Object.entries(object(template['outputs'])).map(([name, output]) => {
    const { type, value } = object(output);
    return [name, { type, value: evaluate(value, scope) }] as const;
  });
  return Object.fromEntries(outputs);
}

function scopeOf(template: Json, given: Json, subscriptionId: string, group: ResourceGroup): Scope {
  const declared = object(template['parameters']);
  for (const name of Object.keys(given))
    if (!(name in declared))
      throw invalidTemplate(
        `The template parameters '${name}' are not valid; they are not present in the original template`,
      );
  const scope: Scope = {
    subscriptionId,
    group,
    parameter(name) {
      const value = at(given, name, 'value') ?? evaluate(at(declared, name, 'defaultValue'), scope);
      if (!(name in declared)) throw invalidTemplate(`The template parameter '${name}' is not found`);
      if (value === undefined) throw invalidTemplate(`The value for the template parameter '${name}' is not provided`);
      return value;
    },
    variable(name) {
      const variables = object(template['variables']);
      if (!(name in variables)) throw invalidTemplate(`The template variable '${name}' is not found`);
      return evaluate(variables[name], scope);
    },
  };
  for (const name of Object.keys(declared)) scope.parameter(name);
  return scope;
}

function readResource(source: Json, scope: Scope): TemplateResource {
  const { type, name, apiVersion, dependsOn, ...body } = evaluate(source, scope) as Record<string, unknown>;
  if ('resources' in body || 'copy' in body || 'condition' in body)
    throw invalidTemplate('Nested resources, copy and condition are not known to the simulated Azure');
  const [typeText, nameText] = [text(type) ?? '', text(name) ?? ''];
  return {
    id: idOf(scope, typeText, nameText),
    type: typeText,
    name: nameText,
    apiVersion: text(apiVersion) ?? '',
    body,
    dependsOn: list(dependsOn).map((needed) => fullId(scope, String(needed)).toLowerCase()),
  };
}

function idOf(scope: Scope, type: string, name: string): string {
  const [provider = '', ...types] = type.split('/');
  const names = name.split('/');
  const path = types.map((part, index) => `${part}/${names[index]}`).join('/');
  return `${scope.group.id}/providers/${provider}/${path}`;
}

/** A dependency is an id, or what `concat` makes: `Microsoft.Network/publicIPAddresses/name`. */
const fullId = (scope: Scope, needed: string) =>
  needed.startsWith('/') ? needed : `${scope.group.id}/providers/${needed}`;

/** Each after what it depends on; dependencies outside of the template are there already. */
function inOrder(resources: readonly TemplateResource[]): TemplateResource[] {
  const left = [...resources];
  const ordered: TemplateResource[] = [];
  while (left.length > 0) {
    const index = left.findIndex(({ dependsOn }) => !left.some(({ id }) => dependsOn.includes(id.toLowerCase())));
    if (index < 0) throw invalidTemplate('Circular dependency detected on the template');
    ordered.push(...left.splice(index, 1));
  }
  return ordered;
}
