import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Agent } from '../common/agent/agent.ts';
import { nothingThere, problem } from '../common/agent/input-problem.ts';
import { type TemplateKind, templateKind } from '../common/packer/template.ts';
import { parseVariables, type Variable } from '../common/packer/variables.ts';
import type { ServiceConnection } from '../common/sign-in/connection.ts';

export interface BakeRequest {
  readonly connection: ServiceConnection;
  readonly template: Template;
  /** Packer's working directory. */
  readonly folder: string;
  readonly variableFiles: readonly string[];
  readonly variables: readonly Variable[];
  readonly onlyBuilds: readonly string[];
  readonly exceptBuilds: readonly string[];
  readonly timeoutInMinutes: number;
}

export interface Template {
  readonly path: string;
  readonly isFolder: boolean;
  readonly kind: TemplateKind;
}

/** Everything that BakeImage reads from its inputs. */
export function readRequest({
  inputs,
  connection,
  workFolder,
}: Pick<Agent, 'inputs' | 'connection' | 'workFolder'>): BakeRequest {
  const onlyBuilds = inputs.lines('onlyBuilds').map((name) => buildName('onlyBuilds', name));
  const exceptBuilds = inputs.lines('exceptBuilds').map((name) => buildName('exceptBuilds', name));
  refuseBoth(onlyBuilds, exceptBuilds);
  return {
    connection: connection('azureSubscription'),
    template: readTemplate('templatePath', inputs.path('templatePath')),
    folder: existingFolder('workingDirectory', inputs.optionalPath('workingDirectory') ?? workFolder),
    variableFiles: inputs.lines('variableFiles').map((line) => existingFile('variableFiles', line, workFolder)),
    variables: parseVariables('variables', inputs.lines('variables')),
    onlyBuilds,
    exceptBuilds,
    timeoutInMinutes: inputs.count('timeoutInMinutes', { min: 1, max: 2880, fallback: 120 }),
  };
}

function readTemplate(input: string, path: string): Template {
  const isFolder = statSync(path).isDirectory();
  const kind = templateKind(path, isFolder);
  if (kind) return { path, isFolder, kind };
  throw problem(
    'FileUnusable',
    input,
    path,
    'By its name this is no template. Packer goes by the name: .json is a JSON template, .pkr.hcl or .pkr.json is HCL2, and a folder is HCL2 too.',
  );
}

function existingFile(input: string, line: string, workFolder: string): string {
  const path = resolve(workFolder, line);
  if (!existsSync(path)) throw nothingThere(input, line, path, workFolder);
  if (statSync(path).isFile()) return path;
  throw problem('FileUnusable', input, line, 'This is a folder: name each variable file in a line of its own.');
}

function existingFolder(input: string, path: string): string {
  if (statSync(path).isDirectory()) return path;
  throw problem('FileUnusable', input, path, 'This is no folder. Give the folder, not a file in it.');
}

/** A comma would become two names on Packer's command line. */
function buildName(input: string, name: string): string {
  if (!/[,\s]/.test(name)) return name;
  throw problem('InvalidInput', input, name, 'Write one build name a line, for example: azure-arm.web');
}

/** Packer would build nothing and call that a success. */
function refuseBoth(only: readonly string[], except: readonly string[]): void {
  const [name] = only.filter((one) => except.includes(one));
  if (name !== undefined)
    throw problem('ContradictoryInputs', 'onlyBuilds', name, 'exceptBuilds names it, too: nothing would be built.');
}
