import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type PipelineRun, preparePipeline, type RunOptions, type RunResult, type StepResult } from '../play.ts';
import { HandClock } from './hand-clock.ts';

/** A task made for one test: parts of its task.json, and the scripts that its handlers run. */
export interface ScratchTask {
  readonly json?: Readonly<Record<string, unknown>>;
  readonly main?: string;
  readonly pre?: string;
  readonly post?: string;
}

export interface Scratch extends Partial<RunOptions> {
  readonly yaml: string;
  /** Further files of the repository. */
  readonly files?: Readonly<Record<string, string>>;
  readonly tasks?: Readonly<Record<string, ScratchTask>>;
  /** Makes the repository one of git's, with these files in its index. */
  readonly git?: readonly string[];
  /** Time stands still, and moves on by so many milliseconds whenever a line with this text is printed. */
  readonly advanceOn?: Readonly<Record<string, number>>;
}

export interface Played {
  readonly result: RunResult;
  /** What the view printed. */
  readonly lines: readonly string[];
  readonly run: PipelineRun;
}

/** Plays a pipeline in a temporary repository that is gone afterwards. */
export async function playScratch(scratch: Scratch): Promise<Played> {
  return withScratch(scratch, async (run, lines) => ({ result: await run.play(), lines, run }));
}

/** The same for tests that need the run's handle. */
export async function withScratch<T>(
  scratch: Scratch,
  act: (run: PipelineRun, lines: string[]) => Promise<T>,
): Promise<T> {
  const { yaml, files = {}, tasks = {}, git, advanceOn, ...options } = scratch;
  const clock = new HandClock();
  const home = mkdtempSync(join(tmpdir(), 'player-'));
  const lines: string[] = [];
  try {
    for (const [path, text] of Object.entries({ ...files, 'azure-pipelines.yml': yaml }))
      write(join(home, 'repo', path), text);
    if (git) inGit(join(home, 'repo'), git);
    mkdirSync(join(home, 'tasks'));
    for (const [name, task] of Object.entries(tasks)) writeTask(join(home, 'tasks', name), name, task);
    const run = preparePipeline({
      file: join(home, 'repo', 'azure-pipelines.yml'),
      workspace: join(home, 'repo'),
      workFolder: join(home, 'work'),
      taskFolders: [join(home, 'tasks')],
      collectionUri: 'https://dev.azure.com/contoso',
      ...(advanceOn && { clock }),
      output: (line) => {
        lines.push(line);
        for (const [text, ms] of Object.entries(advanceOn ?? {})) if (line.includes(text)) clock.advance(ms);
      },
      ...options,
    });
    return await act(run, lines);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Every step of a run in the order played. */
export function stepsOf(result: RunResult): readonly StepResult[] {
  const steps = result.stages.flatMap(({ jobs }) => jobs.flatMap((job) => job.steps));
  return steps.sort((a, b) => a.startedAt - b.startedAt);
}

/** What the steps printed, without the agent's section lines. */
export function printed(result: RunResult): readonly string[] {
  return stepsOf(result)
    .filter(({ displayName }) => displayName !== 'Checkout')
    .flatMap(({ log }) => log.filter((line) => !line.startsWith('##[section]')));
}

/** `Stage.Job.hook=result` for everything that the service shows. */
export function outline(result: RunResult): readonly string[] {
  return result.stages.flatMap((stage) => [
    `${stage.name}=${stage.result}`,
    ...stage.jobs.map((job) => `${stage.name}.${job.name}${suffix(job.hook)}${suffix(job.leg)}=${job.result}`),
  ]);
}

const suffix = (part: string) => part && `.${part}`;

function inGit(folder: string, tracked: readonly string[]): void {
  execFileSync('git', ['init', '-q', folder]);
  execFileSync('git', ['-C', folder, 'add', '--', ...tracked]);
}

function writeTask(folder: string, name: string, { json, main, pre, post }: ScratchTask): void {
  const handler = (file: string) => ({ Node20_1: { target: file } });
  const task = {
    id: '6f0f1b1a-52ce-4a0b-9d6b-2f4f3a5b7c01',
    name,
    version: { Major: 1, Minor: 0, Patch: 0 },
    ...(main !== undefined && { execution: handler('main.js') }),
    ...(pre !== undefined && { prejobexecution: handler('pre.js') }),
    ...(post !== undefined && { postjobexecution: handler('post.js') }),
    ...json,
  };
  write(join(folder, 'task.json'), JSON.stringify(task));
  for (const [file, script] of [
    ['main.js', main],
    ['pre.js', pre],
    ['post.js', post],
  ] as const) {
    if (script !== undefined) write(join(folder, file), script);
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
