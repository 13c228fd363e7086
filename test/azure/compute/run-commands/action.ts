import { ArmError, badRequest } from '../../core/arm-errors.ts';
import type { Answer, Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { list } from '../../core/json.ts';
import { accept } from '../../core/operations.ts';
import type { World } from '../../core/world.ts';
import type { RunningScript, ScriptResult } from '../../machines/machines.ts';
import { lastBytes, named } from './life.ts';
import { usableMachine } from './target.ts';

/** At most ninety minutes (azure.md §12). */
const timeoutS = 5400;

/** `POST {machine}/runCommand`: one at a time, cannot be stopped, and a failing script still succeeds (azure.md §12). */
export function runCommand(world: World, request: Request): Answer {
  const machine = usableMachine(world, request);
  const { commandId, script, parameters } = request.json;
  if (commandId !== 'RunShellScript')
    throw badRequest(`The simulated Azure has no command '${commandId}', only RunShellScript.`, 'commandId');
  if (machine.action) throw inProgress();
  const lines = list(script).map(String).join('\n');
  return accept(world, request, {
    status: 202,
    location: machine.location,
    work(completion) {
      let script: RunningScript | undefined;
      machine.action = {
        cancel() {
          script?.cancel();
          completion.fail(preempted());
        },
      };
      script = world.machines.runScript(
        keyOf(machine.id),
        { lines, parameters: named(parameters), timeoutS },
        (result) => {
          machine.action = undefined;
          if (result.timedOut) completion.fail(timedOut());
          else completion.succeed({ value: [messageOf(result)] });
        },
      );
    },
  });
}

/** One value with both streams, as Linux machines report it (layout not proven: azure.md §12). */
const messageOf = (result: ScriptResult) => ({
  code: 'ProvisioningState/succeeded',
  level: 'Info',
  displayStatus: 'Provisioning succeeded',
  message: `Enable succeeded: \n[stdout]\n${lastBytes(result.output)}\n[stderr]\n${lastBytes(result.error)}`,
});

/** Quoted from azure-cli#32305. */
const inProgress = () =>
  new ArmError(
    409,
    'Conflict',
    'Run command extension execution is in progress. Please wait for completion before invoking a run command.',
  );

const timedOut = () =>
  new ArmError(409, 'VMExtensionProvisioningTimeout', 'Provisioning of VM extension RunCommand has timed out.');

/** The machine was given a fresh disk or stopped under the script (azure.md §6). */
const preempted = () =>
  new ArmError(409, 'OperationPreempted', 'Operation execution has been preempted by a more recent operation.');
