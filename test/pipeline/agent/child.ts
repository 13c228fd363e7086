import { spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import type { Clock } from '../clock.ts';

/** How long the agent waits before each harder signal, and for output after a process has ended. */
export interface Patience {
  /** From SIGINT to SIGTERM. */
  readonly sigintMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly sigtermMs: number;
  /** For streams that a grandchild holds open. */
  readonly streamsMs: number;
}

/** agent: ProcessInvoker.cs, AgentKnobs.ProccessSigintTimeout and ProccessSigtermTimeout. */
export const agentPatience: Patience = { sigintMs: 7500, sigtermMs: 2500, streamsMs: 5000 };

export interface ChildRequest {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly patience: Patience;
  /** Aborted: SIGINT, later SIGTERM, later SIGKILL. */
  readonly cancelled: AbortSignal;
  /** Aborted: SIGKILL at once. */
  readonly killed: AbortSignal;
  readonly onLine: (line: string, stream: 'out' | 'err') => void;
  readonly onStart: (processId: number) => void;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Runs a program as the agent does: lines of both streams, and the signals of a cancel. */
export function runChild(request: ChildRequest): Promise<Exit> {
  return new Promise((resolve, reject) => {
    const child = spawn(request.file, [...request.args], {
      cwd: request.cwd,
      env: { ...request.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, as a service's child has: Ctrl+C in the terminal reaches it only as the cancel of the run.
      detached: process.platform !== 'win32',
    });
    const undo: (() => void)[] = [neverOutliveUs(() => child.kill('SIGKILL'))];
    const settle = (act: () => void) => {
      for (const step of undo.splice(0)) step();
      act();
    };
    if (child.pid !== undefined) request.onStart(child.pid);
    const ends = [readLines(child.stdout, 'out', request.onLine), readLines(child.stderr, 'err', request.onLine)];
    undo.push(sendSignals(request, (signal) => child.kill(signal)));
    child.on('error', (problem) => settle(() => reject(problem)));
    child.on('close', (code, signal) => settle(() => resolve({ code, signal })));
    child.on('exit', (code, signal) => {
      const giveUp = () => {
        for (const end of ends) end();
        settle(() => resolve({ code, signal }));
      };
      undo.push(request.clock.after(request.patience.streamsMs, giveUp));
    });
  });
}

function neverOutliveUs(kill: () => void): () => void {
  process.on('exit', kill);
  return () => process.off('exit', kill);
}

function sendSignals(request: ChildRequest, kill: (signal: NodeJS.Signals) => void): () => void {
  const { clock, patience, cancelled, killed } = request;
  const timers: (() => void)[] = [];
  const interrupt = () => {
    kill('SIGINT');
    timers.push(clock.after(patience.sigintMs, () => kill('SIGTERM')));
    timers.push(clock.after(patience.sigintMs + patience.sigtermMs, () => kill('SIGKILL')));
  };
  const finish = () => kill('SIGKILL');
  whenAborted(cancelled, interrupt);
  whenAborted(killed, finish);
  return () => {
    cancelled.removeEventListener('abort', interrupt);
    killed.removeEventListener('abort', finish);
    for (const takeBack of timers) takeBack();
  };
}

function whenAborted(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act);
}

/** Half a character waits for its other half; what never becomes one is shown as a replacement. Returns how to stop. */
function readLines(stream: NodeJS.ReadableStream, name: 'out' | 'err', onLine: ChildRequest['onLine']): () => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line, name);
  };
  stream.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
  stream.on('end', () => {
    take(decoder.end());
    if (rest !== '') onLine(rest.replace(/\r$/, ''), name);
    rest = '';
  });
  return () => stream.removeAllListeners('data');
}
