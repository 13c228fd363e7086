import { badRequest } from '../../core/arm-errors.ts';
import { type Answer, ok, type Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { expandsView, pageOf, skipToken } from '../../core/paging.ts';
import type { World } from '../../core/world.ts';
import { findGroup } from '../lookup.ts';
import { findAlone, findMember } from './find.ts';
import { aloneBody, aloneView, memberBody, memberView } from './view.ts';

export const listInSubscription = (world: World, request: Request): Answer =>
  listIn(world, request, `/subscriptions/${request.params['subscription']}`);

export const listInGroup = (world: World, request: Request): Answer =>
  listIn(world, request, findGroup(world, request).id);

/** Spec: the one filter is a scale set's id, and views are shown with a filter only. */
function listIn(world: World, request: Request, scope: string): Answer {
  const setKey = setOfFilter(request);
  const withView = expandsView(request);
  if (withView && setKey === undefined)
    throw badRequest('$expand=instanceView can only be specified with a valid $filter.', '$expand');
  const after = skipToken(request) ?? '';
  const left = keysIn(world, scope, setKey).filter((key) => key > after);
  const { page, nextLink } = pageOf(request, left, world.settings.listPageSize, (key) => key);
  return ok({ value: page.map((key) => bodyOf(world, key, withView)), ...(nextLink && { nextLink }) });
}

/** In the order of their ids: a page goes on after the last one shown, whatever has gone meanwhile. */
function keysIn(world: World, scope: string, setKey: string | undefined): readonly string[] {
  const members = [...world.compute.instances].filter(([, { parts }]) => parts);
  const wanted = members.filter(([, member]) => setKey === undefined || member.setKey === setKey).map(([key]) => key);
  const alone = setKey === undefined ? [...world.resources.virtualMachines.keys()] : [];
  return [...alone, ...wanted].filter((key) => key.startsWith(`${keyOf(scope)}/`)).sort();
}

function bodyOf(world: World, key: string, withView: boolean) {
  const member = world.compute.instances.get(key);
  if (member) return memberBody(world, member, withView);
  const machine = world.resources.virtualMachines.get(key);
  return machine && aloneBody(world, machine, withView);
}

/** `'virtualMachineScaleSet/id' eq '/subscriptions/…'`; other filters are refused (code: own). */
function setOfFilter(request: Request): string | undefined {
  const filter = request.url.searchParams.get('$filter');
  if (!filter) return undefined;
  const id = /^'?virtualMachineScaleSet\/id'? eq '?([^']+)'?$/i.exec(filter.trim())?.[1];
  if (id === undefined) throw badRequest(`The filter '${filter}' is not supported.`, '$filter');
  return keyOf(id);
}

export function readMachine(world: World, request: Request): Answer {
  const member = findMember(world, request);
  const withView = expandsView(request);
  return ok(member ? memberBody(world, member, withView) : aloneBody(world, findAlone(world, request), withView));
}

export function readInstanceView(world: World, request: Request): Answer {
  const member = findMember(world, request);
  return ok(member ? memberView(world, member) : aloneView(world, findAlone(world, request)));
}
