import { keyOf } from '../../core/ids.ts';
import { list, number, object, text } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { MachineScript, RunningScript, ScriptResult } from '../../machines/machines.ts';
import type { Instance, ManagedRunCommand, RunCommandView } from '../state.ts';

export const runCommandsOf = (world: World, instance: Instance): readonly ManagedRunCommand[] =>
  [...world.compute.runCommands.values()].filter(({ instanceKey }) => instanceKey === keyOf(instance.id));

export const notStarted: RunCommandView = {
  executionState: 'Pending',
  exitCode: undefined,
  output: '',
  error: '',
  startedAt: undefined,
  endedAt: undefined,
};

/** Starts the script of a managed run command on its instance; `ended` is called once, however it ends. */
export function execute(world: World, command: ManagedRunCommand, ended: () => void = () => {}): void {
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
  script = world.machines.runScript(command.instanceKey, scriptOf(command), (result) => {
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
export function stopRunCommands(world: World, instance: Instance, as: 'Failed' | 'Canceled'): void {
  instance.action?.cancel();
  instance.action = undefined;
  for (const command of runCommandsOf(world, instance)) stop(command, as);
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

export function forgetRunCommands(world: World, instance: Instance): void {
  for (const command of runCommandsOf(world, instance)) world.compute.runCommands.delete(keyOf(command.id));
}

/** On a fresh disk the platform provisions what the instance still has, or it does not: not proven, so a switch. */
export function replayRunCommands(world: World, instance: Instance): void {
  if (!world.settings.runCommandsReplayOnReimage) return;
  for (const command of runCommandsOf(world, instance)) execute(world, command);
}
