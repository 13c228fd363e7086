import { dirname, isAbsolute, join, normalize } from 'node:path/posix';
import { Dictionary } from '../expressions/values.ts';
import { notPlayed, PipelineError, type Place } from '../yaml/problem.ts';
import { readYamlFile } from '../yaml/read-file.ts';
import { fieldsOf, toValue } from './expand.ts';
import { declaredParameters, type Given, readParameters } from './parameters.ts';
import { Fields } from './read.ts';
import type { Bound } from './scope.ts';

/** What a file may refer to. */
export interface TemplateSource {
  /** Where templates are looked for: the folder of the repository's root. */
  readonly root: string;
  readonly variableGroups?: VariableGroups;
}

/** A text, or a secret that is masked wherever it is printed. */
export type GivenValue = string | { readonly value: string; readonly secret: boolean };

/** Variables by group. */
export type VariableGroups = Readonly<Record<string, Readonly<Record<string, GivenValue>>>>;

const maxDepth = 100;

/**
 * Opens `- template: file.yml` with its parameters and gives back what stands under `part`
 * (learn.microsoft.com/azure/devops/pipelines/process/templates). A template sees its own parameters and the variables
 * of the spot where it is used. Only files of the same repository are played.
 */
export function openTemplate(item: Bound, part: string, source: TemplateSource, depth: number): Bound {
  const { file, name } = openFile(item, [part], source, depth);
  const content = file.get(part);
  if (content === undefined) throw new PipelineError({ file: name, line: 1 }, `this template has no "${part}"`);
  return content;
}

/** Opens the file of a `template:` with its parameters; it may have no other keys than these. */
export function openFile(
  item: Bound,
  known: readonly string[],
  source: TemplateSource,
  depth: number,
): { readonly file: Fields; readonly name: string } {
  const reference = Fields.of(item, 'template', ['template', 'parameters']);
  const place = reference.placeOf('template');
  if (depth > maxDepth) throw new PipelineError(place, `templates are nested more than ${maxDepth} deep`);
  const name = templateName(reference.needText('template'), place);
  const node = readYamlFile(join(source.root, name), name, place);
  const outer = { ...item.scope, locals: new Map(), isFinal: false, parameters: new Dictionary([]) };
  const declared = declaredParameters({ node, scope: outer });
  const parameters = readParameters(declared, given(reference.get('parameters')));
  return { file: Fields.of({ node, scope: { ...outer, parameters } }, 'template', ['parameters', ...known]), name };
}

/** Relative to the file that names it; a leading slash means the repository's root. */
function templateName(written: string, place: Place): string {
  const [path = '', repository = 'self'] = written.split('@');
  if (repository !== 'self') throw notPlayed(place, `template of repository ${repository}`);
  const name = normalize(isAbsolute(path) ? path.slice(1) : join(dirname(place.file), path));
  if (name.startsWith('..')) throw new PipelineError(place, `template "${written}" is outside the repository`);
  return name;
}

function given(parameters: Bound | undefined): Given {
  if (parameters === undefined) return new Map();
  const fields = Fields.free(parameters);
  return new Map(fields.map(({ key, place, value }) => [key, { value: toValue(value), place }]));
}

export function isTemplate(item: Bound): boolean {
  return item.node.kind === 'map' && fieldsOf(item).some(({ key }) => key === 'template');
}
