import { ArmError, badRequest, conflict } from '../../core/arm-errors.ts';
import { type Answer, type Json, noContent, ok, type Request } from '../../core/http.ts';
import { keyOf, typeOf } from '../../core/ids.ts';
import { at, merge, object, tagsOf, text, without } from '../../core/json.ts';
import { accept } from '../../core/operations.ts';
import { expandsView } from '../../core/paging.ts';
import { later, type World } from '../../core/world.ts';
import { show, showEnd } from '../instances/life.ts';
import { resourceNotFound } from '../lookup.ts';
import type { Machine, ManagedRunCommand } from '../state.ts';
import { execute, forget, notStarted, runCommandsOf, stop } from './life.ts';
import { targetOf, usableMachine } from './target.ts';

/** `PUT {machine}/runCommands/{name}`: notes it and executes it (azure.md §12). */
export function putRunCommand(world: World, request: Request): Answer {
  const machine = usableMachine(world, request);
  const key = keyOf(idOf(machine, request));
  const present = world.compute.runCommands.get(key);
  refuseLeaving(present);
  const properties = merge(present?.properties ?? {}, object(request.json['properties']));
  requireScript(properties);
  const unchanged = present && JSON.stringify(properties) === JSON.stringify(present.properties);
  const command = present ?? add(world, request, machine);
  if (unchanged && world.settings.runCommandSamePut === 'ignored') return ok(body(command, false));
  if (request.json['tags'] !== undefined) command.tags = tagsOf(request.json['tags']);
  Object.assign(command, { properties, provisioningState: present ? 'Updating' : 'Creating' });
  return provision(world, request, machine, command, present ? 200 : 201);
}

/** `PATCH`: only what is given changes; it is executed again. */
export function patchRunCommand(world: World, request: Request): Answer {
  const machine = usableMachine(world, request);
  const command = findRunCommand(world, request, machine);
  refuseLeaving(command);
  command.properties = merge(command.properties, object(request.json['properties']));
  if (request.json['tags'] !== undefined) command.tags = tagsOf(request.json['tags']);
  command.provisioningState = 'Updating';
  return provision(world, request, machine, command, 200);
}

function add(world: World, request: Request, machine: Machine): ManagedRunCommand {
  const limit = 25;
  if (runCommandsOf(world, machine).length >= limit)
    throw badRequest(`The machine '${machine.name}' has ${limit} run commands; that is the limit.`, 'runCommandName');
  const command: ManagedRunCommand = {
    id: idOf(machine, request),
    name: request.params['command'] ?? '',
    machineKey: keyOf(machine.id),
    location: text(request.json['location']) ?? '',
    tags: tagsOf(request.json['tags']),
    properties: {},
    provisioningState: 'Creating',
    view: notStarted,
    execution: 0,
    running: undefined,
  };
  world.compute.runCommands.set(keyOf(command.id), command);
  return command;
}

const idOf = (machine: Machine, request: Request) => `${machine.id}/runCommands/${request.params['command']}`;

function refuseLeaving(command: ManagedRunCommand | undefined): void {
  if (command?.provisioningState === 'Deleting') throw conflict();
}

/** The operation waits for the script unless `asyncExecution`; a failing script is no failed deployment by default. */
function provision(
  world: World,
  request: Request,
  machine: Machine,
  command: ManagedRunCommand,
  status: 200 | 201,
): Answer {
  const answer = body(command, false);
  const shows = world.settings.runCommandShowsUpdating;
  if (shows) show(world, machine, { provisioningState: 'Updating' });
  return accept(world, request, {
    status,
    location: machine.location,
    body: answer,
    work(completion) {
      const ended = () => {
        const failed =
          command.properties['treatFailureAsDeploymentFailure'] === true && command.view.executionState !== 'Succeeded';
        if (command.provisioningState !== 'Deleting') command.provisioningState = failed ? 'Failed' : 'Succeeded';
        if (shows && machine.provisioningState === 'Updating') showEnd(world, machine, undefined, machine.power);
        if (failed) completion.fail(scriptFailed(command));
        else completion.succeed(body(command, false));
      };
      const waits = command.properties['asyncExecution'] !== true;
      execute(world, command, waits ? ended : undefined);
      if (!waits) later(world, world.settings.instanceWriteMs, ended);
    },
  });
}

const scriptFailed = (command: ManagedRunCommand) =>
  new ArmError(
    409,
    'VMExtensionProvisioningError',
    `VM has reported a failure when processing run command '${command.name}': exit code ${command.view.exitCode}.`,
  );

export function getRunCommand(world: World, request: Request): Answer {
  const command = findRunCommand(world, request, targetOf(world, request));
  return ok(body(command, expandsView(request)));
}

export function listRunCommands(world: World, request: Request): Answer {
  const commands = runCommandsOf(world, targetOf(world, request));
  return ok({ value: commands.map((command) => body(command, expandsView(request))) });
}

const internalOperationError = () =>
  new ArmError(500, 'InternalOperationError', 'An internal error occurred in the operation.');

/** Deleting a run command stops its script (azure.md §12); until it is gone it is shown as Deleting. */
export function deleteRunCommand(world: World, request: Request): Answer {
  const machine = targetOf(world, request);
  const command = world.compute.runCommands.get(keyOf(idOf(machine, request)));
  if (!command) return noContent();
  if (request.params['set'] !== undefined && world.settings.runCommandDelete === 'fails')
    throw internalOperationError();
  stop(command, 'Canceled');
  command.provisioningState = 'Deleting';
  return accept(world, request, {
    status: 202,
    location: machine.location,
    work: (completion) =>
      later(world, world.settings.instanceWriteMs, () => {
        if (world.compute.runCommands.get(keyOf(command.id)) === command) forget(world, command);
        completion.succeed();
      }),
  });
}

function findRunCommand(world: World, request: Request, machine: Machine): ManagedRunCommand {
  const command = world.compute.runCommands.get(keyOf(idOf(machine, request)));
  if (command) return command;
  const type = typeOf(idOf(machine, request)).replace('Microsoft.Compute/', '');
  throw resourceNotFound(type, request.params['command'] ?? '', request.params['group'] ?? '');
}

function requireScript(properties: Json): void {
  if (text(at(properties, 'source', 'script')) !== undefined) return;
  throw badRequest('The simulated Azure runs source.script only; scriptUri and commandId are not supported.', 'source');
}

const secret: ReadonlySet<string> = new Set(['protectedParameters', 'runAsPassword']);

function body(command: ManagedRunCommand, withView: boolean): Json {
  const { id, name, location, tags, properties, provisioningState } = command;
  return {
    id,
    name,
    type: typeOf(id),
    location,
    tags,
    properties: {
      ...object(without(properties, secret)),
      provisioningState,
      ...(withView && { instanceView: viewOf(command) }),
    },
  };
}

function viewOf({ view }: ManagedRunCommand): Json {
  const { startedAt, endedAt, exitCode, ...rest } = view;
  return {
    ...rest,
    executionMessage: '',
    ...(exitCode !== undefined && { exitCode }),
    ...(startedAt !== undefined && { startTime: new Date(startedAt).toISOString() }),
    ...(endedAt !== undefined && { endTime: new Date(endedAt).toISOString() }),
  };
}
