import { isAbsolute, resolve } from 'node:path';
import type { TaskStep } from '../model/pipeline.ts';
import { findConnection, type ServiceConnection } from './service-connection.ts';
import type { TaskDefinition, TaskInput } from './task-folder.ts';
import type { Variables } from './variables.ts';

/** The inputs of one task run, as the handler puts them in the environment. */
export interface TaskInputs {
  readonly values: ReadonlyMap<string, string>;
  readonly connections: readonly ServiceConnection[];
}

/** Defaults of task.json, the author's inputs over them under the task's own names, macros filled in (agent: TaskRunner.cs). */
export function taskInputs(
  definition: TaskDefinition,
  step: TaskStep,
  variables: Variables,
  host: Readonly<Record<string, string>>,
  known: readonly ServiceConnection[],
): TaskInputs {
  const values = new Map(definition.inputs.map(({ name, defaultValue }) => [name, defaultValue]));
  for (const { name, value } of step.inputs) values.set(declaredName(definition, name), value.trim());
  for (const [name, value] of values) values.set(name, variables.expand(value, host));
  const root = variables.get('build.sourcesDirectory') ?? '';
  const connections: ServiceConnection[] = [];
  for (const { name, type } of definition.inputs) {
    const value = values.get(name) ?? '';
    if (type.toLowerCase() === 'filepath') values.set(name, rooted(value, root));
    if (isConnection(type) && value !== '') {
      const found = value.split(',').map((written) => needConnection(known, written, name));
      values.set(name, found.map(({ id }) => id).join(','));
      connections.push(...found);
    }
  }
  return { values, connections };
}

export function isConnection(type: string): boolean {
  return type.toLowerCase().startsWith('connectedservice:');
}

/** An alias stands for the input's own name. */
export function findInput(definition: TaskDefinition, written: string): TaskInput | undefined {
  const wanted = written.trim().toLowerCase();
  return definition.inputs.find(({ name, aliases }) =>
    [name, ...aliases].some((known) => known.toLowerCase() === wanted),
  );
}

function declaredName(definition: TaskDefinition, written: string): string {
  return findInput(definition, written)?.name ?? written.trim();
}

/** An empty path becomes the sources folder, as in the agent; tasks tell that apart by `filePathSupplied`. */
function rooted(path: string, root: string): string {
  return isAbsolute(path) ? resolve(path) : resolve(root, path);
}

function needConnection(known: readonly ServiceConnection[], written: string, input: string): ServiceConnection {
  const found = findConnection(known, written);
  if (found === undefined)
    throw new Error(`Input "${input}" references service connection "${written.trim()}", which could not be found`);
  return found;
}
