import { Failure } from '../failure.ts';
import { armAnswer, armFailure, isLostAnswer, isStatus } from './arm-failure.ts';
import { type CommandStatus, emptied, isThere, nothing, statusOf } from './command-status.ts';
import type { Azure } from './connect.ts';
import { readFailure, textIn } from './read-failure.ts';
import type { ScaleSetModel, ScaleSetRef } from './scale-set.ts';
import { unreadable } from './unreadable.ts';

/** A managed run command on one instance (linux/run-command-managed): it has an exit code and outlives this process. */
export interface ManagedCommand {
  readonly name: string;
  readonly script: string;
  readonly timeoutS: number;
}

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
  /**
   * Runs a script by the plain action, which leaves nothing behind on the instance (linux/run-command) and ends within 90
   * minutes. How the script fares is not told.
   */
  run(nodeId: string, script: string, until: 'accepted' | 'done'): Promise<void>;
}

/** More than the commands of an instance take. */
const mostPages = 20;

export function runCommands(
  azure: Azure,
  set: ScaleSetRef,
  model: Pick<ScaleSetModel, 'location' | 'osType'>,
): RunCommands {
  const managed = azure.compute.virtualMachineScaleSetVMRunCommands;
  const on = (nodeId: string) => `instance ${nodeId} of scale set ${set.name}`;

  async function read(nodeId: string, name: string): Promise<CommandStatus> {
    try {
      return statusOf(await managed.get(set.resourceGroup, set.name, nodeId, name, { expand: 'instanceView' }));
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
      const what = `Listing the run commands on ${on(nodeId)}`;
      try {
        let pages = 0;
        for await (const page of managed.list(set.resourceGroup, set.name, nodeId).byPage()) {
          pages += 1;
          if (pages > mostPages) throw unreadable(`${what} failed: after ${mostPages} pages the list still goes on`);
          names.push(...page.filter(isThere).flatMap(({ name }) => textIn(name) ?? []));
        }
      } catch (error) {
        if (isStatus(error, 404)) return []; // the instance has left
        throw readFailure(error, what);
      }
      return names.filter((name) => name.startsWith(prefix));
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
    async run(nodeId, script, until) {
      const parameters = {
        commandId: model.osType === 'Windows' ? 'RunPowerShellScript' : 'RunShellScript',
        script: script.split('\n'),
      };
      const what = `Running a script on ${on(nodeId)}`;
      try {
        const order = azure.compute.virtualMachineScaleSetVMs.runCommand(
          set.resourceGroup,
          set.name,
          nodeId,
          parameters,
        );
        await (until === 'done' ? order.pollUntilDone() : order.submitted());
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
