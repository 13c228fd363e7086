import { ArmError, badRequest } from '../../core/arm-errors.ts';
import { type Answer, ok, type Request } from '../../core/http.ts';
import { expandsView, pageOf, skipToken } from '../../core/paging.ts';
import type { World } from '../../core/world.ts';
import { findScaleSet, instanceAt, instancesOf } from '../lookup.ts';
import { instanceViewIsOfMachines, isFlexible } from '../scale-sets/mode.ts';
import type { Instance, ScaleSet } from '../state.ts';
import { instanceBody } from './body.ts';
import { hasLatestModel } from './upgrade.ts';
import { instanceView } from './view.ts';

/** `GET {set}/virtualMachines`: pages in the order of making, with a link to the next. */
export function listInstances(world: World, request: Request): Answer {
  const set = findScaleSet(world, request);
  const query = request.url.searchParams;
  const after = Number(skipToken(request) ?? -1);
  const wanted = filterOf(world, set, query.get('$filter'));
  const left = instancesOf(world, set).filter((instance) => instance.ordinal > after && wanted(instance));
  const { page, nextLink } = pageOf(request, left, world.settings.listPageSize, ({ ordinal }) => String(ordinal));
  const value = page.map((instance) => instanceBody(world, set, instance, expandsView(request)));
  return ok({ value, ...(nextLink && { nextLink }) });
}

/** Only the two filters that the SDK's documentation allows (azure.md §1). */
function filterOf(world: World, set: ScaleSet, filter: string | null): (instance: Instance) => boolean {
  if (filter === null || filter === '') return () => true;
  const latest = /^properties\/latestModelApplied eq (true|false)$/i.exec(filter)?.[1];
  if (latest !== undefined) return (instance) => String(hasLatestModel(world, set, instance)) === latest.toLowerCase();
  if (/^startswith\(instanceView\/statuses\/code, 'PowerState'\) eq true$/i.test(filter)) return () => true;
  throw badRequest(`The filter '${filter}' is not supported.`, '$filter');
}

export function getInstance(world: World, request: Request): Answer {
  const set = findScaleSet(world, request);
  return ok(instanceBody(world, set, presentInstance(world, set, request), expandsView(request)));
}

export function getInstanceView(world: World, request: Request): Answer {
  const set = findScaleSet(world, request);
  const instance = presentInstance(world, set, request);
  if (isFlexible(set)) throw instanceViewIsOfMachines(set);
  return ok(instanceView(world, instance));
}

/** A GET says 404 where a write says that the id is not active. */
function presentInstance(world: World, set: ScaleSet, request: Request): Instance {
  const id = request.params['instance'] ?? '';
  const instance = instanceAt(world, set, id);
  if (instance) return instance;
  throw new ArmError(
    404,
    'NotFound',
    `The entity was not found in this Azure location: virtual machine scale set '${set.name}', instance '${id}'.`,
  );
}
