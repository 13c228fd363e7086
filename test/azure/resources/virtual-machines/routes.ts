import { requireQuota } from '../../compute/quota/quota.ts';
import { type Answer, ok, type Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, merge, object, tagsOf, text } from '../../core/json.ts';
import { accept } from '../../core/operations.ts';
import { group, type Route, subscription } from '../../core/routes.ts';
import type { World } from '../../core/world.ts';
import { findGroup, inScope } from '../lookup.ts';
import type { VirtualMachine } from '../state.ts';
import { deallocate, endWork, find, generalize, powerOff, remove, restart, start } from './actions.ts';
import { readMachine } from './model.ts';
import { instanceView, view } from './view.ts';

const page = 'https://learn.microsoft.com/rest/api/compute/virtual-machines';
const all = '/providers/Microsoft.Compute/virtualMachines';
const one = `${group}${all}/:name`;

export const routes: readonly Route[] = [
  ['GET', `${subscription}${all}`, listInSubscription, `${page}/list-all`],
  ['GET', `${group}${all}`, listInGroup, `${page}/list`],
  ['GET', one, read, `${page}/get`],
  ['GET', `${one}/instanceView`, readInstanceView, `${page}/instance-view`],
  ['PUT', one, write, `${page}/create-or-update`],
  ['DELETE', one, remove, `${page}/delete`],
  ['POST', `${one}/start`, start, `${page}/start`],
  ['POST', `${one}/restart`, restart, `${page}/restart`],
  ['POST', `${one}/powerOff`, powerOff, `${page}/power-off`],
  ['POST', `${one}/deallocate`, deallocate, `${page}/deallocate`],
  ['POST', `${one}/generalize`, generalize, `${page}/generalize`],
];

function listInSubscription(world: World, request: Request): Answer {
  return listIn(world, `/subscriptions/${request.params['subscription']}`);
}

function listInGroup(world: World, request: Request): Answer {
  return listIn(world, findGroup(world, request).id);
}

const listIn = (world: World, scope: string) =>
  ok({ value: inScope(world.resources.virtualMachines, scope).map((machine) => view(world, machine)) });

function read(world: World, request: Request): Answer {
  const expand = request.url.searchParams.get('$expand')?.toLowerCase() === 'instanceview';
  return ok(view(world, find(world, request), expand));
}

function readInstanceView(world: World, request: Request): Answer {
  return ok(instanceView(find(world, request)));
}

function write(world: World, request: Request): Answer {
  const key = keyOf(`${findGroup(world, request).id}${all}/${request.params['name']}`);
  const old = world.resources.virtualMachines.get(key);
  return old ? rewrite(world, request, old) : create(world, request);
}

function create(world: World, request: Request): Answer {
  const { machine, disk, spec } = readMachine(world, request);
  requireQuota(world, machine, text(at(machine.properties, 'hardwareProfile', 'vmSize')) ?? '', 1);
  world.resources.virtualMachines.set(keyOf(machine.id), machine);
  world.resources.disks.set(keyOf(disk.id), disk);
  return accept(world, request, {
    status: 201,
    location: machine.location,
    body: view(world, machine),
    work: (completion) =>
      world.machines.create(spec, (problem) => {
        machine.powerState = problem ? 'stopped' : 'running';
        endWork(machine, completion, problem);
      }),
  });
}

/** Compute's PUT over what is there behaves like PATCH (azure.md §2); nothing of the machine itself changes here. */
function rewrite(world: World, request: Request, old: VirtualMachine): Answer {
  old.properties = merge(old.properties, object(request.json['properties']));
  if (request.json['tags'] !== undefined) old.tags = tagsOf(request.json['tags']);
  return ok(view(world, old));
}
