import { type ChildProcess, spawn } from 'node:child_process';
import { win32 } from 'node:path';

export type StopReason = 'cancel' | 'timeout';

/** How a program on this system is asked to stop, or ended. */
export type StopAct = 'interrupt its group' | 'kill its group' | 'end its tree' | 'nothing';

/**
 * One SIGINT to the whole group: Packer's plugins ignore it, provisioners on this machine end by it, Packer cleans up.
 * On Windows the agent's Ctrl+C has reached Packer through the console already, and nothing else can ask it to stop.
 */
export function interruption(platform: string, reason: StopReason): StopAct {
  if (platform !== 'win32') return 'interrupt its group';
  return reason === 'timeout' ? 'end its tree' : 'nothing';
}

/** What is done to a program that has not ended by that: nothing after a cancel, when the agent clears up itself. */
export function abandonment(platform: string, reason: StopReason): StopAct {
  if (reason === 'cancel') return 'nothing';
  return platform === 'win32' ? 'end its tree' : 'kill its group';
}

/** Carries such an act out on a child that was started as the leader of a group. */
export function stopper(child: ChildProcess, environment: Readonly<Record<string, string>>): (act: StopAct) => void {
  return (act) => {
    if (child.pid === undefined || act === 'nothing') return;
    if (act === 'end its tree') endTree(child.pid, environment);
    else signalGroup(child.pid, act === 'kill its group' ? 'SIGKILL' : 'SIGINT');
  };
}

function signalGroup(pid: number, signal: 'SIGINT' | 'SIGKILL'): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has just ended by itself
  }
}

function endTree(pid: number, environment: Readonly<Record<string, string>>): void {
  const { program, args } = treeEnder(pid, environment);
  spawn(program, args, { stdio: 'ignore' }).on('error', () => {}); // whether it ended is seen at its exit
}

/** By its full path: the PATH of a step need not have the system's folder. */
export function treeEnder(pid: number, environment: Readonly<Record<string, string>>) {
  const root = Object.entries(environment).find(([name]) => name.toLowerCase() === 'systemroot')?.[1] ?? 'C:\\Windows';
  return { program: win32.join(root, 'System32', 'taskkill.exe'), args: ['/pid', String(pid), '/T', '/F'] };
}
