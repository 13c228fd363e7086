import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { MachineScript, ScriptResult } from '../../machines.ts';
import { root, sessionEnvironment, signalGroup, startAs } from './accounts.ts';
import { Tail } from './tail.ts';

/** What a shell says of a command that it could not start. */
const couldNotStart = 127;

export interface RunningCommand {
  cancel(): void;
}

/** Runs a script as root from a file of its own, as the run command extension does; ends it when its time is over. */
export function runScript(script: MachineScript, ended: (result: ScriptResult) => void): RunningCommand {
  const folder = mkdtempSync('/run/command-');
  const child = startAs(root, argvOf(folder, script.lines), {
    cwd: folder,
    env: { ...sessionEnvironment(root), ...script.parameters },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collect(child.stdout);
  const error = collect(child.stderr);
  let timedOut = false;
  const kill = () => signalGroup(child, 'SIGKILL');
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, script.timeoutS * 1000);
  whenEnded(child, (exitCode) => {
    clearTimeout(timer);
    rmSync(folder, { recursive: true, force: true });
    ended({ exitCode, output: output.text, error: error.text, timedOut });
  });
  return { cancel: kill };
}

function argvOf(folder: string, lines: string): readonly string[] {
  const file = `${folder}/script.sh`;
  writeFileSync(file, lines.endsWith('\n') ? lines : `${lines}\n`, { mode: 0o700 });
  return lines.startsWith('#!') ? [file] : ['/bin/sh', file];
}

function collect(stream: ChildProcess['stdout']): Tail {
  const tail = new Tail();
  stream?.on('data', (chunk: Buffer) => tail.add(chunk));
  return tail;
}

/**
 * A script has ended when its own process has, even if something it left in the background still holds its output;
 * what has been written by then gets a moment to arrive.
 */
function whenEnded(child: ChildProcess, ended: (exitCode: number) => void): void {
  let told = false;
  const tell = (exitCode: number) => {
    if (told) return;
    told = true;
    ended(exitCode);
  };
  child.on('error', () => tell(couldNotStart));
  child.on('close', (code, signal) => tell(exitCodeOf(code, signal)));
  child.on('exit', (code, signal) => setTimeout(tell, 200, exitCodeOf(code, signal)));
}

const exitCodeOf = (code: number | null, signal: NodeJS.Signals | null) => code ?? (signal === 'SIGKILL' ? 137 : 143);
