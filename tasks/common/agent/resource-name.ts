import { invalid, problem, shown } from './input-problem.ts';

/** What every kind of resource that we name may be called by (resource-name-rules page), or less: Azure knows the rest. */
export function resourceName(name: string, value: string, kind: string): string {
  if (/^\/subscriptions\//i.test(value)) throw idForName(name, value, kind);
  if (/^[\p{L}\p{M}\p{N}\p{Pc}.()-]{0,89}[\p{L}\p{M}\p{N}\p{Pc}()-]$/u.test(value)) return value;
  const rule = 'Letters, digits, and _ . - ( ) are allowed, 90 characters at most, and no full stop at the end';
  throw invalid(name, value, `Give the name of the ${kind} alone, without quotes. ${rule}.`);
}

/** The id of such a resource ends in its name; the id of another kind leads nowhere. */
function idForName(name: string, value: string, kind: string) {
  const [, type = '', last = ''] = /\/([^/]+)\/([^/]+)\/?$/.exec(value) ?? [];
  const hint = `Give the name of the ${kind} alone, without its path`;
  const isKind = type.toLowerCase() === typeOf[kind]?.toLowerCase();
  if (isKind) return invalid(name, value, `${hint}: ${shown(last)}`);
  return problem('WrongResourceKind', name, value, `${hint}. This is an id of the type ${shown(type)}.`);
}

const typeOf: Readonly<Record<string, string>> = {
  'resource group': 'resourceGroups',
  'scale set': 'virtualMachineScaleSets',
  gallery: 'galleries',
  'image definition': 'images',
};
