import { type ChildProcess, spawn } from 'node:child_process';
import { type FileHandle, open } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import { lineSplitter } from './line-splitter.ts';
import { abandonment, interruption, type StopAct, type StopReason, stopper } from './stop.ts';
import type { TempFiles } from './temp-file.ts';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Supervision {
  readonly clock: Clock;
  readonly platform: string;
  readonly files: TempFiles;
  readonly cancelled: AbortSignal;
  readonly timeoutMs: number;
  /** How long Packer may clean up after an interrupt: the agent's patience after a cancel, ours after a timeout. */
  readonly cleanUpMs: { readonly cancel: number; readonly timeout: number };
  readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
  readonly onStopping: (reason: StopReason) => void;
}

export interface Ending {
  /** Undefined when a signal ended it or when it is still running. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stoppedBy: StopReason | undefined;
  /** It had not ended when we could wait no longer. */
  readonly unfinished: boolean;
}

/**
 * Runs a program that must be allowed to clean up. Its output goes to files that we follow, not to pipes: if the agent
 * kills this task while Packer still deletes what it made, Packer must not die of a broken pipe.
 */
export async function supervise(command: Command, watch: Supervision): Promise<Ending> {
  const stdout = await openOutput(watch.files.path('stdout'));
  const stderr = await openOutput(watch.files.path('stderr'));
  const over = new AbortController();
  try {
    const child = start(command, watch.platform, stdout.write.fd, stderr.write.fd);
    const exited = exitOf(child, command.program);
    const following = [
      follow(stdout.read, (line) => watch.onLine('stdout', line), watch.clock, over.signal),
      follow(stderr.read, (line) => watch.onLine('stderr', line), watch.clock, over.signal),
    ];
    const ending = await waitAndStop(child, exited, command, watch).finally(() => over.abort());
    await Promise.all(following);
    return ending;
  } finally {
    over.abort();
    for (const handle of [stdout.write, stdout.read, stderr.write, stderr.read]) await handle.close();
  }
}

interface Output {
  readonly write: FileHandle;
  readonly read: FileHandle;
}

async function openOutput(path: string): Promise<Output> {
  const write = await open(path, 'ax', 0o600);
  return { write, read: await open(path, 'r') };
}

/**
 * A group of its own, so that a signal to the task's group is not Packer's second one. Windows has no such groups: there it
 * must share our console, through which the agent's Ctrl+C reaches it.
 */
const start = ({ program, args, folder, environment }: Command, platform: string, stdout: number, stderr: number) =>
  spawn(program, args, {
    cwd: folder,
    env: environment,
    stdio: ['ignore', stdout, stderr],
    detached: platform !== 'win32',
  });

interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

function exitOf(child: ChildProcess, program: string): Promise<Exit> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', (cause) => reject(cannotStart(program, cause)));
  });
}

const cannotStart = (program: string, cause: Error) =>
  new Failure(
    'PackerNotStarted',
    `${program} could not be started: ${cause.message}`,
    'Check that the file is a Packer for this machine.',
    { cause },
  );

async function waitAndStop(
  child: ChildProcess,
  exited: Promise<Exit>,
  { environment }: Command,
  watch: Supervision,
): Promise<Ending> {
  const stop = stopper(child, environment);
  const first = await firstOf(exited, watch.timeoutMs, watch.cancelled, watch.clock);
  if (typeof first !== 'string') return endingOf(first, undefined);
  watch.onStopping(first);
  stop(interruption(watch.platform, first));
  const second = await firstOf(
    exited,
    watch.cleanUpMs[first],
    first === 'timeout' ? watch.cancelled : undefined,
    watch.clock,
  );
  if (typeof second !== 'string') return endingOf(second, first);
  const third = second === 'cancel' ? await firstOf(exited, watch.cleanUpMs.cancel, undefined, watch.clock) : second;
  if (typeof third !== 'string') return endingOf(third, first);
  return abandon(child, stop, watch.platform, first);
}

/** The exit, or why we stopped waiting for it. */
async function firstOf(
  exited: Promise<Exit>,
  waitMs: number,
  cancelled: AbortSignal | undefined,
  clock: Clock,
): Promise<Exit | StopReason> {
  const done = new AbortController();
  const wake = cancelled ? AbortSignal.any([done.signal, cancelled]) : done.signal;
  const waited = clock.sleep(waitMs, wake).then(() => (cancelled?.aborted ? 'cancel' : 'timeout') as StopReason);
  try {
    return await Promise.race([exited, waited]);
  } finally {
    done.abort();
  }
}

const endingOf = ({ code, signal }: Exit, stoppedBy: StopReason | undefined): Ending => ({
  exitCode: code ?? undefined,
  signal: signal ?? undefined,
  stoppedBy,
  unfinished: false,
});

/** After a cancel Packer goes on alone until the agent clears the job's processes; after a timeout it is ended. */
function abandon(child: ChildProcess, stop: (act: StopAct) => void, platform: string, reason: StopReason): Ending {
  stop(abandonment(platform, reason));
  child.unref();
  return { exitCode: undefined, signal: undefined, stoppedBy: reason, unfinished: true };
}

const lookAgainMs = 150;

/** Hands on the lines of a growing file until it is over, and then what is left. */
async function follow(
  file: FileHandle,
  onLine: (line: string) => void,
  clock: Clock,
  over: AbortSignal,
): Promise<void> {
  const splitter = lineSplitter(onLine);
  const buffer = Buffer.alloc(65_536);
  for (;;) {
    const last = over.aborted;
    for (let size = await readInto(file, buffer); size > 0; size = await readInto(file, buffer)) {
      splitter.write(buffer.subarray(0, size));
    }
    if (last) return splitter.end();
    await clock.sleep(lookAgainMs, over);
  }
}

const readInto = async (file: FileHandle, buffer: Buffer) => (await file.read(buffer, 0, buffer.length)).bytesRead;
