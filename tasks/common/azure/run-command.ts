import type { VirtualMachineRunCommand, VirtualMachineRunCommandInstanceView } from '@azure/arm-compute';
import { Failure } from '../failure.ts';
import { armAnswer, armFailure, isLostAnswer, isStatus } from './arm-failure.ts';
import type { Azure } from './connect.ts';
import type { ScaleSetModel, ScaleSetRef } from './scale-set.ts';

/** A managed run command on one instance (linux/run-command-managed): it has an exit code and outlives this process. */
export interface ManagedCommand {
  readonly name: string;
  readonly script: string;
  readonly timeoutS: number;
}

export type CommandStatus =
  | { readonly kind: 'none' }
  | { readonly kind: 'running' }
  /** It is being removed; what it said before that counts no more. */
  | { readonly kind: 'leaving' }
  | { readonly kind: 'ended'; readonly exitCode: number; readonly state: string; readonly output: string };

export interface RunCommands {
  /**
   * Returns once Azure has accepted it. Each execution needs a name that the instance has not had: on Linux one that was
   * removed may never run again (azure-compute-docs#178; `checkAndSaveSeqNum` in Azure/run-command-handler-linux).
   */
  put(nodeId: string, command: ManagedCommand): Promise<void>;
  read(nodeId: string, name: string): Promise<CommandStatus>;
  /** The names on the instance that begin so, without those that are being removed or have been emptied. */
  named(nodeId: string, prefix: string): Promise<readonly string[]>;
  /** Stops it when it still runs. Gone already is as good. */
  remove(nodeId: string, name: string): Promise<void>;
  /** Leaves it there with a script that does nothing, which counts as gone: for where Azure does not remove it. */
  empty(nodeId: string, name: string): Promise<void>;
  /** Runs a script by the plain action, which leaves nothing behind on the instance (linux/run-command). */
  run(nodeId: string, script: string): Promise<void>;
}

export function runCommands(
  azure: Azure,
  set: ScaleSetRef,
  model: Pick<ScaleSetModel, 'location' | 'osType'>,
): RunCommands {
  const managed = azure.compute.virtualMachineScaleSetVMRunCommands;
  const on = (nodeId: string) => `instance ${nodeId} of scale set ${set.name}`;

  async function read(nodeId: string, name: string): Promise<CommandStatus> {
    try {
      const command = await managed.get(set.resourceGroup, set.name, nodeId, name, { expand: 'instanceView' });
      if (isLeaving(command)) return { kind: 'leaving' };
      return isEmptied(command) ? { kind: 'none' } : statusIn(command.instanceView);
    } catch (error) {
      if (isStatus(error, 404)) return { kind: 'none' };
      throw armFailure(error, `Reading run command ${name} on ${on(nodeId)}`);
    }
  }

  return {
    async put(nodeId, { name, script, timeoutS }) {
      const command = {
        location: model.location,
        tags: {},
        source: { script },
        timeoutInSeconds: timeoutS,
        asyncExecution: true,
      };
      await attempt(`Starting run command ${name} on ${on(nodeId)}`, async () => {
        try {
          await managed.createOrUpdate(set.resourceGroup, set.name, nodeId, name, command).submitted();
        } catch (error) {
          // The script may be at work already: it is looked up before it is started once more.
          if (!isLostAnswer(error)) throw error;
          if ((await read(nodeId, name)).kind !== 'none') return;
          await managed.createOrUpdate(set.resourceGroup, set.name, nodeId, name, command).submitted();
        }
      });
    },
    read,
    async named(nodeId, prefix) {
      const names: string[] = [];
      try {
        for await (const command of managed.list(set.resourceGroup, set.name, nodeId)) {
          if (isLeaving(command) || isEmptied(command)) continue;
          if (command.name?.startsWith(prefix)) names.push(command.name);
        }
      } catch (error) {
        throw armFailure(error, `Listing the run commands on ${on(nodeId)}`);
      }
      return names;
    },
    async remove(nodeId, name) {
      try {
        await managed.delete(set.resourceGroup, set.name, nodeId, name).submitted();
      } catch (error) {
        if (!isStatus(error, 404)) throw armFailure(error, `Removing run command ${name} from ${on(nodeId)}`);
      }
    },
    async empty(nodeId, name) {
      const source = { script: `echo ${nothing}` };
      const command = { location: model.location, tags: emptied, source, asyncExecution: true };
      await attempt(`Emptying run command ${name} on ${on(nodeId)}, which Azure does not remove,`, () =>
        managed.createOrUpdate(set.resourceGroup, set.name, nodeId, name, command).submitted(),
      );
    },
    async run(nodeId, script) {
      const parameters = {
        commandId: model.osType === 'Windows' ? 'RunPowerShellScript' : 'RunShellScript',
        script: script.split('\n'),
      };
      const what = `Running a script on ${on(nodeId)}`;
      try {
        await azure.compute.virtualMachineScaleSetVMs
          .runCommand(set.resourceGroup, set.name, nodeId, parameters)
          .submitted();
      } catch (error) {
        throw isInProgress(error) ? nodeBusy(armFailure(error, what)) : armFailure(error, what);
      }
    },
  };
}

async function attempt(what: string, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    throw armFailure(error, what);
  }
}

/** One machine runs one command of the plain action at a time, whoever sent it: the next is taken when that has ended. */
const isInProgress = (error: unknown) => isStatus(error, 409) && armAnswer(error).code === 'Conflict';

const nodeBusy = (cause: Failure) =>
  new Failure('NodeBusy', cause.message, 'Wait for the other command on this instance, and run the task again.', {
    cause,
  });

/** Azure is still at work with its removal, or with delivering that it has nothing to do. */
const isLeaving = (command: VirtualMachineRunCommand) =>
  command.provisioningState === 'Deleting' || (isEmptied(command) && command.provisioningState === 'Updating');

/** What an emptied command says; a shell and PowerShell know the word before it alike. */
const nothing = 'phoenix-emptied';

/** Marks a command that has nothing to do any more. */
const emptied = { 'phoenix-emptied': 'true' };

const isEmptied = ({ tags }: VirtualMachineRunCommand) => tags?.['phoenix-emptied'] === 'true';

/** `provisioningState` tells only of the delivery; the execution has states of its own. */
function statusIn(view: VirtualMachineRunCommandInstanceView | undefined): CommandStatus {
  const state = view?.executionState ?? 'Unknown';
  if (['Unknown', 'Pending', 'Running'].includes(state)) return { kind: 'running' };
  const output = [view?.output, view?.error].filter((text) => text !== undefined && text !== '').join('\n');
  if (output.trim() === nothing) return { kind: 'running' }; // of the execution before: this one has not begun
  return { kind: 'ended', exitCode: view?.exitCode ?? -1, state, output };
}
