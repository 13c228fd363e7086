import { projectFolder, readTask } from '../../../build/project.ts';
import type { TaskJson } from '../../../build/task-json.ts';
import type { Agent } from '../../../tasks/common/agent/agent.ts';
import { printLog } from '../../../tasks/common/agent/print-log.ts';
import { type EndpointSource, readConnection } from '../../../tasks/common/agent/read-connection.ts';
import { readInputs } from '../../../tasks/common/agent/read-inputs.ts';
import { readNetwork } from '../../../tasks/common/agent/read-network.ts';
import { readRun } from '../../../tasks/common/agent/read-run.ts';
import { readService } from '../../../tasks/common/agent/read-service.ts';
import { runTask } from '../../../tasks/common/agent/run-task.ts';
import { stepMemory } from '../../../tasks/common/agent/step-memory.ts';
import { parseCommand } from '../../pipeline/agent/command.ts';
import { worldHash } from '../../support/world-hash.ts';
import type { TaskName } from './case.ts';
import { connectionId, type Stage } from './stage.ts';
import { bodies } from './tasks.ts';

/** How a task ended, as the agent hears it, and what became of the world. */
export interface Ending {
  readonly result: string | undefined;
  /** Of each error: its code and its text without it. */
  readonly errors: readonly { readonly code: string; readonly message: string }[];
  readonly hint: string;
  readonly lines: readonly string[];
  readonly before: string;
  readonly after: string;
  /** Calls to Resource Manager that would change something, and how Azure answered them. */
  readonly writes: readonly string[];
  readonly simulatedMs: number;
}

/** Inputs with which each task succeeds on the stage. */
export const goodInputs = ({ ids }: Stage): Readonly<Record<TaskName, Readonly<Record<string, string>>>> => {
  const set = { azureSubscription: connectionId, resourceGroupName: 'web', vmssName: 'shop' };
  const definition = { resourceGroupName: 'images', galleryName: 'gallery', imageDefinitionName: 'web' };
  return {
    BakeImage: { azureSubscription: connectionId, templatePath: 'web.json' },
    PublishGalleryVersion: {
      azureSubscription: connectionId,
      ...definition,
      sourceImageId: ids.image,
      imageVersion: '5.0.0',
    },
    UpgradeScaleSetNodes: { ...set, imageVersionId: ids.v2 },
    RollbackScaleSet: { ...set, to: ids.v2 },
  };
};

/** Plays one task as its agent would: its own defaults, the connection and the variables of the stage. */
export async function runOn(
  stage: Stage,
  task: TaskName,
  inputs: Readonly<Record<string, string>> = {},
): Promise<Ending> {
  const lines: string[] = [];
  const writes: string[] = [];
  stage.world.observers.push((call, answer) => {
    if (call.method !== 'GET' && call.url.hostname.startsWith('management.'))
      writes.push(`${call.method} ${call.url.pathname} ${answer.status}`);
  });
  const before = worldHash(stage.world);
  const startedAt = Date.now();
  const host = { end: async (last: readonly string[]) => void lines.push(...last), onUnhandled: () => {} };
  const values = { ...goodInputs(stage)[task], ...inputs };
  await stage.play(
    runTask(
      () => agentOf(stage, task, values, lines),
      (agent) => bodies[task](agent, stage),
      host,
    ),
  );
  const after = worldHash(stage.world);
  return { ...whatItSaid(lines), lines, before, after, writes, simulatedMs: Date.now() - startedAt };
}

function agentOf(stage: Stage, task: TaskName, values: Readonly<Record<string, string>>, lines: string[]): Agent {
  const log = printLog((line) => void lines.push(line));
  const variable = (name: string) => stage.variables[name];
  const inputs = readInputs(inputSource(task, values), { workFolder: stage.folder });
  const mask = () => {};
  return {
    inputs,
    log,
    network: readNetwork({ variable, mask, warn: log.warning }),
    cancelled: new AbortController().signal,
    tempFolder: stage.tempFolder,
    workFolder: stage.folder,
    get run() {
      return readRun(variable);
    },
    get service() {
      return readService(endpointSource(stage), mask);
    },
    connection: (name) =>
      readConnection(endpointSource(stage), inputs.text(name), mask, inputs.optionalText('subscriptionId')),
    connectionOf: (id, subscriptionId) => readConnection(endpointSource(stage), id, mask, subscriptionId),
    memory: stepMemory({ tell: () => {}, ask: () => undefined, tempFolder: stage.tempFolder }),
    mask,
    output: () => {},
    progress: () => {},
    summary: () => {},
  };
}

/** The agent fills in the default of task.json for what the author did not write. */
function inputSource(task: TaskName, values: Readonly<Record<string, string>>) {
  const { inputs } = readTask(projectFolder, task).json as TaskJson;
  return (name: string) => values[name] ?? inputs.find((input) => input.name === name)?.defaultValue;
}

function endpointSource({ endpoint, variables }: Stage): EndpointSource {
  const find = (values: Readonly<Record<string, string>>, key: string) =>
    Object.entries(values).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  const own = (id: string) => id === connectionId;
  return {
    url: (id) => (own(id) ? endpoint.url : undefined),
    scheme: (id) => (own(id) ? endpoint.scheme : undefined),
    parameter: (id, key) =>
      id === 'SystemVssConnection' ? variables['job token'] : own(id) ? find(endpoint.parameters, key) : undefined,
    data: (id, key) => (own(id) ? find(endpoint.data, key) : undefined),
    variable: (name) => variables[name],
  };
}

function whatItSaid(lines: readonly string[]): Pick<Ending, 'result' | 'errors' | 'hint'> {
  const commands = lines.flatMap((line) => parseCommand(line) ?? []);
  const errors = commands
    .filter((command) => command.event === 'logissue' && command.property('type') === 'error')
    .map((issue) => {
      const code = issue.property('code') ?? '';
      return { code, message: issue.data.replace(` (${code})`, '') };
    });
  return {
    result: commands.findLast((command) => command.event === 'complete')?.property('result'),
    errors,
    hint: lines.find((line) => line.startsWith('What to do: '))?.slice('What to do: '.length) ?? '',
  };
}
