/** How a template is written: Packer goes by the file's name, and so do we. A folder is always HCL2. */
export type TemplateKind = 'json' | 'hcl2';

export function templateKind(path: string, isFolder: boolean): TemplateKind | undefined {
  if (isFolder || /\.pkr\.(hcl|json)$/i.test(path)) return 'hcl2';
  return /\.json$/i.test(path) ? 'json' : undefined;
}

/** What the template does with the manifest post-processor. */
export type Manifest =
  | { readonly kind: 'none' }
  | { readonly kind: 'file'; readonly path: string }
  /** The path is put together while Packer runs, so we can't know it. */
  | { readonly kind: 'computed'; readonly expression: string };

/** Packer's default of `output` (https://developer.hashicorp.com/packer/docs/post-processors/manifest). */
const defaultManifest = 'packer-manifest.json';

/** Looks for a manifest post-processor; of several, the first counts. */
export function manifestIn(text: string, kind: TemplateKind): Manifest {
  return kind === 'json' ? jsonManifest(text) : hclManifest(text);
}

function jsonManifest(text: string): Manifest {
  const processors = (parseObject(text)?.['post-processors'] ?? []) as unknown;
  const flat: readonly unknown[] = Array.isArray(processors) ? processors.flat() : [];
  const found = flat.find((entry) => entry === 'manifest' || (isObject(entry) && entry['type'] === 'manifest'));
  if (found === undefined) return { kind: 'none' };
  const output = isObject(found) ? found['output'] : undefined;
  return manifestAt(typeof output === 'string' ? output : defaultManifest);
}

function hclManifest(text: string): Manifest {
  const block = blockOf(withoutComments(text), /post-processor\s+"manifest"\s*\{/);
  if (block === undefined) return { kind: 'none' };
  const [, expression] = /^\s*output\s*=\s*(.+?)\s*$/m.exec(block) ?? [];
  if (expression === undefined) return manifestAt(defaultManifest);
  const [, literal] = /^"([^"]*)"$/.exec(expression) ?? [];
  return literal === undefined ? { kind: 'computed', expression } : manifestAt(literal);
}

/** What stands between the brace that ends `head` and its partner. */
function blockOf(text: string, head: RegExp): string | undefined {
  const found = head.exec(text);
  if (!found) return undefined;
  const rest = text.slice(found.index + found[0].length);
  let depth = 1;
  const end = [...rest].findIndex((character) => {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    return depth === 0;
  });
  return end < 0 ? rest : [...rest].slice(0, end).join('');
}

const manifestAt = (path: string): Manifest =>
  /\{\{|\$\{/.test(path) ? { kind: 'computed', expression: path } : { kind: 'file', path };

const withoutComments = (text: string) => text.replace(/^\s*(#|\/\/).*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '');

/** Names that a JSON template declares under `variables`; undefined when the text is no JSON object. */
export function declaredVariables(text: string): readonly string[] | undefined {
  const template = parseObject(text);
  if (!template) return undefined;
  return isObject(template['variables']) ? Object.keys(template['variables']) : [];
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // Packer's own validation shows where it is broken
    throw error;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
