import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PipelineError, type Place } from '../yaml/problem.ts';
import type { Restrictions } from './restrictions.ts';

/** A task as its folder describes it (pipelines.md §1). */
export interface TaskDefinition {
  readonly folder: string;
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly major: number;
  readonly inputs: readonly TaskInput[];
  readonly outputs: readonly string[];
  readonly restrictions: Restrictions;
  readonly execution?: Handlers;
  readonly prejobexecution?: Handlers;
  readonly postjobexecution?: Handlers;
}

export interface TaskInput {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: string;
  readonly defaultValue: string;
}

/** Handler name to the script it runs. */
export type Handlers = Readonly<Record<string, { readonly target: string; readonly workingDirectory?: string }>>;

/** As much of a task.json as the player reads. */
interface TaskJson {
  readonly id: string;
  readonly name: string;
  readonly version: {
    readonly Major: number | string;
    readonly Minor: number | string;
    readonly Patch: number | string;
  };
  readonly inputs?: readonly {
    readonly name: string;
    readonly aliases?: readonly string[];
    readonly type?: string;
    readonly defaultValue?: string | boolean | number;
  }[];
  readonly outputVariables?: readonly { readonly name: string }[];
  readonly restrictions?: {
    readonly commands?: { readonly mode?: string };
    readonly settableVariables?: { readonly allowed?: readonly string[] };
  };
  readonly execution?: Handlers;
  readonly prejobexecution?: Handlers;
  readonly postjobexecution?: Handlers;
}

/** Reads every `<folder>/<Name>/task.json`, and one level deeper for folders that hold several majors. */
export function readTaskFolders(folders: readonly string[]): readonly TaskDefinition[] {
  return folders.flatMap((folder) => {
    if (!existsSync(folder)) throw new Error(`There is no task folder "${folder}": stage the tasks first`);
    return subFolders(folder).flatMap((task) =>
      isTask(task) ? [readTask(task)] : subFolders(task).filter(isTask).map(readTask),
    );
  });
}

function subFolders(folder: string): readonly string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isDirectory());
}

function isTask(folder: string): boolean {
  return existsSync(join(folder, 'task.json'));
}

function readTask(folder: string): TaskDefinition {
  const json = JSON.parse(readFileSync(join(folder, 'task.json'), 'utf8').replace(/^\uFEFF/, '')) as TaskJson;
  const { Major, Minor, Patch } = json.version;
  const settable = json.restrictions?.settableVariables?.allowed;
  return {
    folder,
    id: json.id,
    name: json.name,
    version: `${Major}.${Minor}.${Patch}`,
    major: Number(Major),
    inputs: (json.inputs ?? []).map(({ name, aliases = [], type = 'string', defaultValue = '' }) => ({
      name,
      aliases,
      type,
      defaultValue: asDotNetText(defaultValue).trim(),
    })),
    outputs: (json.outputVariables ?? []).map(({ name }) => name),
    restrictions: {
      commandsRestricted: json.restrictions?.commands?.mode?.toLowerCase() === 'restricted',
      ...(settable && { settable }),
    },
    ...(json.execution && { execution: json.execution }),
    ...(json.prejobexecution && { prejobexecution: json.prejobexecution }),
    ...(json.postjobexecution && { postjobexecution: json.postjobexecution }),
  };
}

/** A JSON `true` becomes the text `True` in the agent. */
function asDotNetText(value: string | boolean | number): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}

/** The task a step names: the highest version of that major. */
export function findTask(tasks: readonly TaskDefinition[], name: string, major: number, place: Place): TaskDefinition {
  const found = tasks.filter((task) => task.name.toLowerCase() === name.toLowerCase() && task.major === major);
  const best = found.sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true })).at(-1);
  if (best !== undefined) return best;
  const there = tasks.map((task) => `${task.name}@${task.major}`).join(', ') || 'none';
  throw new PipelineError(place, `a task is missing: ${name}@${major} is in no task folder; there are ${there}`);
}

/** Node handlers from best to worst, with the Node version that each needs (agent: NodeHandler.cs). */
const nodeHandlers = [
  ['Node24', 24],
  ['Node20_1', 20],
] as const;

/** The highest handler that the given Node can be. */
export function chooseHandler(
  handlers: Handlers,
  nodeMajor: number,
): { readonly target: string; readonly workingDirectory?: string } {
  for (const [name, needed] of nodeHandlers) {
    const handler = handlers[name];
    if (handler !== undefined && nodeMajor >= needed) return handler;
  }
  throw new Error(`No handler for Node ${nodeMajor} is among ${Object.keys(handlers).join(', ')}`);
}
