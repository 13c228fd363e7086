import { keyOf } from '../../core/ids.ts';
import { list, number, object, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { MachineScript, RunningScript, ScriptResult } from '../../machines/machines.ts';
import type { Machine, ManagedRunCommand, RunCommandView } from '../state.ts';

export const runCommandsOf = (world: World, machine: Machine): readonly ManagedRunCommand[] =>
  [...world.compute.runCommands.values()].filter(({ machineKey }) => machineKey === keyOf(machine.id));

export const notStarted: RunCommandView = {
  executionState: 'Pending',
  exitCode: undefined,
  output: '',
  error: '',
  startedAt: undefined,
  endedAt: undefined,
};

/** Starts the script of a managed run command on its machine; `ended` is called once, however it ends. */
export function execute(world: World, command: ManagedRunCommand, ended: () => void = () => {}): void {
  if (isSpent(world, command)) {
    ended();
    return;
  }
  stop(command, 'Canceled');
  const execution = ++command.execution;
  command.view = { ...notStarted, executionState: 'Running', startedAt: world.clock.now() };
  const close = once(ended);
  let script: RunningScript | undefined;
  command.running = {
    cancel() {
      script?.cancel();
      close();
    },
  };
  script = world.machines.runScript(command.machineKey, scriptOf(command), (result) => {
    if (command.execution === execution) finish(world, command, result);
    close();
  });
}

function once(work: () => void): () => void {
  let open = true;
  return () => {
    if (!open) return;
    open = false;
    work();
  };
}

function finish(world: World, command: ManagedRunCommand, result: ScriptResult): void {
  command.running = undefined;
  const executionState = result.timedOut ? 'TimedOut' : result.exitCode === 0 ? 'Succeeded' : 'Failed';
  command.view = {
    ...command.view,
    executionState,
    exitCode: result.exitCode,
    output: lastBytes(result.output),
    error: lastBytes(result.error),
    endedAt: world.clock.now(),
  };
}

/** Ninety minutes unless told otherwise (azure.md §12). */
const defaultTimeoutS = 5400;

function scriptOf({ properties }: ManagedRunCommand): MachineScript {
  return {
    lines: text(object(properties['source'])['script']) ?? '',
    parameters: { ...named(properties['parameters']), ...named(properties['protectedParameters']) },
    timeoutS: number(properties['timeoutInSeconds']) ?? defaultTimeoutS,
  };
}

/** `[{name, value}]` as the script's environment. */
export const named = (parameters: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(list(parameters).map((entry) => [String(object(entry)['name']), String(object(entry)['value'])]));

/** The view keeps the last 4 KB of each stream (azure.md §12). */
export const lastBytes = (stream: string): string => Buffer.from(stream).subarray(-4096).toString();

/** The machine under the scripts goes away: what runs, ends. */
export function stopRunCommands(world: World, machine: Machine, as: 'Failed' | 'Canceled'): void {
  machine.action?.cancel();
  machine.action = undefined;
  for (const command of runCommandsOf(world, machine)) stop(command, as);
}

/** Ends what runs of this command; an execution that was stopped says so, and its late end changes nothing. */
export function stop(command: ManagedRunCommand, as: 'Failed' | 'Canceled'): void {
  const { running } = command;
  if (!running) return;
  command.execution += 1;
  command.running = undefined;
  command.view = { ...command.view, executionState: as };
  running.cancel();
}

const isSpent = (world: World, { id }: ManagedRunCommand) =>
  world.settings.runCommandNameAgain === 'neverRuns' && world.compute.spentCommands.has(keyOf(id));

/** It is gone, and the disk of its machine remembers that the name has been run. */
export function forget(world: World, { id }: ManagedRunCommand): void {
  world.compute.runCommands.delete(keyOf(id));
  world.compute.spentCommands.add(keyOf(id));
}

export function forgetRunCommands(world: World, machine: Machine): void {
  for (const command of runCommandsOf(world, machine)) world.compute.runCommands.delete(keyOf(command.id));
  forgetSpent(world, machine);
}

function forgetSpent({ compute }: World, machine: Machine): void {
  for (const id of compute.spentCommands) if (id.startsWith(`${keyOf(machine.id)}/`)) compute.spentCommands.delete(id);
}

/** On a fresh disk the platform provisions what the machine still has, or it does not: not proven, so a switch. */
export function replayRunCommands(world: World, machine: Machine): void {
  forgetSpent(world, machine);
  if (!world.settings.runCommandsReplayOnReimage) return;
  for (const command of runCommandsOf(world, machine)) execute(world, command);
}
