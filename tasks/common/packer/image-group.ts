import type { TemplateKind } from './template.ts';
import type { Variable } from './variables.ts';

const setting = {
  json: /(?:^|[{,])\s*"managed_image_resource_group_name"\s*:\s*"([^"]*)"/gm,
  hcl2: /^\s*"?managed_image_resource_group_name"?\s*[=:]\s*(.+?),?\s*$/gm,
} as const;

const reference = {
  json: /^\{\{\s*user\s+[`'"](\w+)[`'"]\s*\}\}$/,
  hcl2: /^(?:var\.(\w+)|"\$\{\s*var\.(\w+)\s*\}")$/,
} as const;

/**
 * The resource group of the managed image, when it can be known for sure: written out, or a variable that the step
 * itself gives (ours are the last that Packer reads). Undefined when the template names several, computes it, or has none.
 */
export function imageGroupIn(text: string, kind: TemplateKind, variables: readonly Variable[]): string | undefined {
  const written = [...text.matchAll(setting[kind])].map(([, value = '']) => groupOf(value, kind, variables));
  const [only, ...others] = [...new Set(written)];
  return others.length === 0 ? only : undefined;
}

function groupOf(value: string, kind: TemplateKind, variables: readonly Variable[]): string | undefined {
  const [, plain, quoted] = reference[kind].exec(value) ?? [];
  const name = plain ?? quoted;
  if (name !== undefined) return groupName(variables.find((variable) => variable.name === name)?.value);
  return groupName(kind === 'json' ? value : /^"([^"]*)"$/.exec(value)?.[1]);
}

/** What Azure takes for a group's name; anything else is still to be computed. */
const groupName = (text: string | undefined) =>
  text !== undefined && /^[\w().-]{1,90}$/.test(text) ? text : undefined;
