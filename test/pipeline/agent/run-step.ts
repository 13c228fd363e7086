import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ScriptStep, Setting, TaskStep } from '../model/pipeline.ts';
import type { Agent } from './agent.ts';
import { type Exit, runChild } from './child.ts';
import { tryCommand } from './commands.ts';
import {
  endpointEnvironment,
  inputEnvironment,
  publicVariables,
  systemConnection,
  taskVariableEnvironment,
  taskVariablesOf,
} from './environment.ts';
import { findInput, taskInputs } from './inputs.ts';
import type { StepContext } from './step-context.ts';
import { chooseHandler, type Handlers, type TaskDefinition } from './task-folder.ts';

/** What a step needs of its job while it runs. */
export interface StepRun {
  readonly agent: Agent;
  readonly context: StepContext;
  readonly tempFolder: string;
  /** Marks the job's processes, so that orphans are found at its end. */
  readonly lookupId: string;
  readonly onProcess: (processId: number | undefined) => void;
}

/** Runs one handler of a task (agent: TaskRunner.cs, NodeHandler.cs). */
export async function runTask(
  run: StepRun,
  definition: TaskDefinition,
  handlers: Handlers,
  step: TaskStep,
): Promise<void> {
  const { agent, context } = run;
  const { variables } = context.job;
  const inputs = taskInputs(definition, step, variables, agent.host, agent.connections);
  for (const { name } of step.inputs) {
    if (!findInput(definition, name))
      context.warning(`"${name}" is not an input of ${definition.name}@${definition.major}`);
  }
  const handler = chooseHandler(handlers, agent.nodeMajor);
  const copy = freshCopy(run, definition);
  const target = join(copy.folder, handler.target);
  const environment = {
    ...agent.host,
    ...stepEnvironment(run, step.env),
    ...taskVariablesOf(variables),
    ...inputEnvironment(inputs.values),
    ...Object.assign({}, ...inputs.connections.map(endpointEnvironment)),
    ...systemConnection(agent.collectionUri, agent.accessToken),
    ...taskVariableEnvironment(context.taskVariables),
  };
  const cwd =
    variables.expand(handler.workingDirectory ?? '') || (variables.get('system.defaultWorkingDirectory') ?? '');
  try {
    const exit = await runProcess(run, { file: agent.nodePath, args: [target], cwd, environment });
    conclude(context, exit, agent.nodePath, target);
  } finally {
    rmSync(copy.home, { recursive: true, force: true });
  }
}

/**
 * Starts bash and ends as it ends. In between stands a node process, as in the tasks behind `script` and `bash`
 * (CmdLineV2, BashV3): a cancel's SIGINT reaches that process alone, and what bash had started is an orphan.
 */
const shellTask = `const { spawn } = require('node:child_process');
spawn('bash', ['--noprofile', '--norc', process.argv[1]], { stdio: 'inherit' })
  .on('exit', (code, signal) => process.exit(code ?? 128 + require('node:os').constants.signals[signal]));`;

/** Runs `script` or `bash`: the text, macros filled in, becomes a file that bash runs. */
export async function runScript(run: StepRun, step: ScriptStep): Promise<void> {
  const { agent, context } = run;
  const { variables } = context.job;
  const file = join(run.tempFolder, `${crypto.randomUUID()}.sh`);
  writeFileSync(file, variables.expand(step.script, agent.host), { mode: 0o700 });
  const environment = { ...agent.host, ...stepEnvironment(run, step.env), ...publicVariables(variables) };
  const cwd = variables.expand(step.workingDirectory) || (variables.get('system.defaultWorkingDirectory') ?? '');
  let wroteErrors = false;
  const onError = () => {
    wroteErrors = true;
  };
  const program = { file: agent.nodePath, args: ['-e', shellTask, file], cwd, environment, onError };
  const exit = await runProcess(run, program);
  if (context.cancelled.aborted) return;
  if (exit.code !== 0) context.error(`Bash exited with code '${exitCodeOf(exit)}'.`);
  if (step.failOnStderr && wroteErrors) context.error('Bash wrote one or more lines to the standard error stream.');
  if (exit.code !== 0 || (step.failOnStderr && wroteErrors)) context.complete('failed');
}

function stepEnvironment({ agent, context, lookupId }: StepRun, settings: readonly Setting[]): Record<string, string> {
  const { variables } = context.job;
  const mapped = settings.map(({ name, value }) => [name.trim(), variables.expand(value.trim(), agent.host)] as const);
  return { ...Object.fromEntries(mapped), TF_BUILD: 'True', VSTS_PROCESS_LOOKUP_ID: lookupId };
}

/** The folders of `task.prependpath` come before the host's (agent: Handler.AddPrependPathToEnvironment). */
function withPrependedPath(
  environment: Readonly<Record<string, string>>,
  folders: readonly string[],
): Record<string, string> {
  if (folders.length === 0) return { ...environment };
  return { ...environment, PATH: [...folders, environment['PATH'] ?? ''].join(delimiter) };
}

/** A copy for this run alone: what a task leaves beside its script is never seen again. */
function freshCopy(run: StepRun, definition: TaskDefinition): { readonly home: string; readonly folder: string } {
  const home = join(run.agent.workFolder, '_tasks', `${definition.name}_${definition.id}`, crypto.randomUUID());
  const folder = join(home, definition.version);
  mkdirSync(home, { recursive: true });
  // No package.json stands above an agent's tasks; without this one, a project's `"type": "module"` would reach in.
  writeFileSync(join(home, 'package.json'), '{}');
  cpSync(definition.folder, folder, { recursive: true });
  return { home, folder };
}

interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly onError?: () => void;
}

async function runProcess(run: StepRun, program: Program): Promise<Exit> {
  const { agent, context } = run;
  const onLine = (line: string, stream: 'out' | 'err') => {
    if (context.forcedDone.aborted) return;
    if (stream === 'err') program.onError?.();
    if (!tryCommand(context, line)) context.write('', line);
  };
  const child = runChild({
    file: program.file,
    args: program.args,
    cwd: program.cwd,
    env: withPrependedPath(program.environment, context.job.prependedPath),
    clock: agent.clock,
    patience: agent.patience,
    cancelled: context.cancelled,
    killed: agent.gone,
    onLine,
    onStart: run.onProcess,
  });
  try {
    return await Promise.race([child, forced(context)]);
  } finally {
    run.onProcess(undefined);
  }
}

function forced(context: StepContext): Promise<Exit> {
  return new Promise((resolve) => {
    context.forcedDone.addEventListener('abort', () => {
      context.debug('The task was marked as "done", but its process did not end within 5 seconds.');
      resolve({ code: 0, signal: null });
    });
  });
}

/** After a cancel nobody asks how the process ended (agent: ProcessInvoker.ExecuteAsync). */
function conclude(context: StepContext, exit: Exit, file: string, target: string): void {
  const code = exitCodeOf(exit);
  if (code === 0 || context.cancelled.aborted) return;
  context.error(`Exit code ${code} returned from process: file name '${file}', arguments '"${target}"'.`);
  context.complete('failed');
}

/** A process that was killed by a signal ends with 128 and the signal's number. */
function exitCodeOf({ code, signal }: Exit): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
