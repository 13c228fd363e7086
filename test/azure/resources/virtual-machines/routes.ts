import { type Action, machineDeletion, powerActions, reimage } from '../../compute/instances/actions.ts';
import { onMember } from '../../compute/instances/perform.ts';
import { runCommandRoutes } from '../../compute/run-commands/routes.ts';
import { notAllowed } from '../../core/arm-errors.ts';
import { type Answer, noContent, type Request } from '../../core/http.ts';
import { group, type Handler, type Route, subscription } from '../../core/routes.ts';
import type { World } from '../../core/world.ts';
import { generalize, powerAlone, remove } from './actions.ts';
import { findAlone, findMember, isThere } from './find.ts';
import { listInGroup, listInSubscription, readInstanceView, readMachine } from './read.ts';
import { patchMachine, putMachine } from './write.ts';

const pages = 'https://learn.microsoft.com/rest/api/compute';
const page = `${pages}/virtual-machines`;
const all = '/providers/Microsoft.Compute/virtualMachines';
const one = `${group}${all}/:name`;

/** A member of a Flexible set is an instance of it; any other machine is on its own. */
const either =
  (action: Action, alone: Handler): Handler =>
  (world, request) => {
    const member = findMember(world, request);
    return member ? onMember(world, request, member, action) : alone(world, request);
  };

const deleteMachine = either(machineDeletion, remove);

export const routes: readonly Route[] = [
  ['GET', `${subscription}${all}`, listInSubscription, `${page}/list-all`],
  ['GET', `${group}${all}`, listInGroup, `${page}/list`],
  ['GET', one, readMachine, `${page}/get`],
  ['GET', `${one}/instanceView`, readInstanceView, `${page}/instance-view`],
  ['PUT', one, putMachine, `${page}/create-or-update`],
  ['PATCH', one, patchMachine, `${page}/update`],
  ['DELETE', one, deleteIfThere, `${page}/delete`],
  ['POST', `${one}/start`, either(powerActions.start, powerAlone.start), `${page}/start`],
  ['POST', `${one}/restart`, either(powerActions.restart, powerAlone.restart), `${page}/restart`],
  ['POST', `${one}/powerOff`, either(powerActions.poweroff, powerAlone.powerOff), `${page}/power-off`],
  ['POST', `${one}/deallocate`, either(powerActions.deallocate, powerAlone.deallocate), `${page}/deallocate`],
  ['POST', `${one}/reimage`, either(reimage, reimageAlone), `${page}/reimage`],
  ['POST', `${one}/generalize`, generalize, `${page}/generalize`],
  ...runCommandRoutes(one, page, `${pages}/virtual-machine-run-commands`),
];

function deleteIfThere(world: World, request: Request): Answer {
  return isThere(world, request) ? deleteMachine(world, request) : noContent();
}

/** A gap, said by name. */
function reimageAlone(world: World, request: Request): Answer {
  const { name } = findAlone(world, request);
  throw notAllowed(`The simulated Azure reimages machines of scale sets only, and '${name}' is in none.`);
}
