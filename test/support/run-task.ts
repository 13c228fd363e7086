import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { distFolder, readJson } from '../../build/project.ts';
import type { TaskJson } from '../../build/task-json.ts';
import { type Command, parseCommand } from '../pipeline/agent/command.ts';
import { parentEnvironment } from './agent-environment.ts';

export interface TaskStart {
  /** A folder of `dist/tasks`. */
  readonly task: string;
  /** `INPUT_*`, `ENDPOINT_*`, `SYSTEM_*`: see agent-environment.ts. Nothing of ours is inherited but the bare system. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the step's folders are made, to look at them afterwards; else they are temporary, and gone after the end. */
  readonly home?: string;
  /** Stands in front of the command: enters a namespace, drops privileges. */
  readonly entry?: readonly string[];
  /** The Node.js binary; this process's own when left out. */
  readonly node?: string | undefined;
  /** The part of the task that is run; its main step when left out. */
  readonly phase?: 'execution' | 'postjobexecution';
  /** Where the staged tasks are: `dist`, or an unzipped package. */
  readonly staged?: string;
  /** Called with each piece of output, to act in the middle of a run. */
  readonly onOutput?: (text: string) => void;
  /** Where a file of the task is for us, when it runs in a place of its own. */
  readonly hostPath?: (path: string) => string;
}

export interface TaskEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly commands: readonly Command[];
  /** Output variables by name. */
  readonly outputs: Readonly<Record<string, string>>;
  /** `Succeeded`, `Failed`, …; undefined when the task never said how it ended. */
  readonly result: string | undefined;
  /** The texts of the summaries that were uploaded. */
  readonly summaries: readonly string[];
  /** Errors and warnings, as the run's page counts them. */
  readonly issues: readonly string[];
}

export interface RunningTask {
  readonly process: ChildProcess;
  /** What the agent calls the working folder. */
  readonly folder: string;
  readonly ended: Promise<TaskEnd>;
}

/** Runs a staged task to its end. */
export function runTask(start: TaskStart): Promise<TaskEnd> {
  return startTask(start).ended;
}

/**
 * Starts a staged task as the agent does: its folder alone, copied elsewhere, so that nothing of this project can be
 * found from it by accident; the handler's target by the chosen Node.js; the working folder is the job's.
 */
export function startTask({
  task,
  env,
  node = process.execPath,
  staged = distFolder,
  phase = 'execution',
  onOutput,
  hostPath = (path) => path,
  entry = [],
  ...given
}: TaskStart): RunningTask {
  const home = given.home ?? mkdtempSync(join(tmpdir(), 'phoenix-task-'));
  const [folder, temp] = ['work', 'temp'].map((name) => newFolder(home, name)) as [string, string];
  const target = copyTask(join(staged, 'tasks', task), join(home, 'task'), phase);
  const [program = node, ...args] = [...entry, node, target];
  const child = spawn(program, args, { cwd: folder, env: { ...parentEnvironment(folder, temp), ...env } });
  const tidyUp = () => given.home ?? rmSync(home, { recursive: true, force: true });
  return {
    process: child,
    folder,
    ended: untilItEnds(child, hostPath, onOutput).finally(tidyUp),
  };
}

function copyTask(from: string, to: string, phase: 'execution' | 'postjobexecution'): string {
  if (!existsSync(join(from, 'index.js'))) throw new Error(`${from} is not staged: run \`npm run build\` first`);
  cpSync(from, to, { recursive: true });
  const handlers = (readJson(join(to, 'task.json')) as TaskJson)[phase];
  return join(to, handlers?.['Node20_1']?.target ?? 'index.js');
}

function newFolder(home: string, name: string): string {
  const folder = join(home, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function untilItEnds(
  child: ChildProcess,
  hostPath: (path: string) => string,
  onOutput: TaskStart['onOutput'],
): Promise<TaskEnd> {
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]?.setEncoding('utf8').on('data', (piece: string) => {
      text[stream] += piece;
      onOutput?.(piece);
    });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) =>
      resolve({ exitCode, signal, ...text, ...whatItSaid(text.stdout, hostPath) }),
    );
  });
}

/** Read before the temporary folder is gone: a summary is handed over as the path of a file. */
function whatItSaid(
  stdout: string,
  hostPath: (path: string) => string,
): Pick<TaskEnd, 'commands' | 'outputs' | 'result' | 'summaries' | 'issues'> {
  const commands = stdout.split(/\r?\n/).flatMap((line) => parseCommand(line) ?? []);
  const all = (event: string) => commands.filter((command) => command.area === 'task' && command.event === event);
  return {
    commands,
    outputs: Object.fromEntries(all('setvariable').map((set) => [set.property('variable') ?? '', set.data])),
    result: all('complete').at(-1)?.property('result'),
    summaries: all('uploadsummary').map(({ data }) => readFileSync(hostPath(data), 'utf8')),
    issues: all('logissue').map((issue) => `${issue.property('type')}: ${issue.data}`),
  };
}
