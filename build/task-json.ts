import type { Size } from './png-size.ts';

/**
 * The part of a task.json that we use (fields: tasks.schema.json of azure-pipelines-task-lib). A file may break any of
 * it, so the rules look before they trust.
 */
export interface TaskJson {
  readonly id: string;
  readonly name: string;
  readonly friendlyName: string;
  readonly description: string;
  readonly helpMarkDown: string;
  readonly author: string;
  readonly category: string;
  readonly visibility: readonly string[];
  readonly runsOn: readonly string[];
  readonly version: { readonly Major: number; readonly Minor: number; readonly Patch: number };
  readonly minimumAgentVersion: string;
  readonly instanceNameFormat: string;
  readonly groups?: readonly TaskGroup[];
  readonly inputs: readonly TaskInput[];
  readonly outputVariables: readonly TaskOutput[];
  readonly restrictions: {
    readonly commands?: { readonly mode?: string };
    readonly settableVariables?: { readonly allowed?: readonly string[] };
  };
  readonly prejobexecution?: Handlers;
  readonly execution: Handlers;
  readonly postjobexecution?: Handlers;
}

export interface TaskGroup {
  readonly name: string;
  readonly displayName: string;
  readonly isExpanded?: boolean;
  readonly visibleRule?: string;
}

export interface TaskInput {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly type: string;
  readonly label: string;
  readonly required?: boolean;
  readonly defaultValue?: string;
  readonly helpMarkDown: string;
  readonly groupName?: string;
  readonly visibleRule?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface TaskOutput {
  readonly name: string;
  readonly description: string;
}

export type Handlers = Readonly<Record<string, { readonly target: string; readonly argumentFormat?: string }>>;

/** A task folder as the rules see it. */
export interface TaskFile {
  /** The folder's own name. */
  readonly folder: string;
  readonly json: Partial<TaskJson>;
  /** Size of icon.png; absent when there is none or it is no PNG. */
  readonly icon?: Size | undefined;
}

/** Every handler of every phase: `execution.Node20_1` → its target. */
export function handlerTargets(
  task: Partial<TaskJson>,
): readonly { readonly handler: string; readonly target: string }[] {
  const phases = ['prejobexecution', 'execution', 'postjobexecution'] as const;
  return phases.flatMap((phase) =>
    Object.entries(task[phase] ?? {}).map(([handler, { target }]) => ({ handler: `${phase}.${handler}`, target })),
  );
}

/** The files that the handlers run, each once. */
export const targetsOf = (task: Partial<TaskJson>): readonly string[] => [
  ...new Set(handlerTargets(task).map(({ target }) => target)),
];
