import { ArmError } from '../../core/arm-errors.ts';
import { type Answer, ok, type Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { object } from '../../core/json.ts';
import type { Route } from '../../core/routes.ts';
import type { World } from '../../core/world.ts';
import type { Child } from '../state.ts';
import type { Kind } from './kinds.ts';
import { child, partsOf } from './parts.ts';
import { find, store } from './store.ts';
import { partInUse } from './uses.ts';
import { view } from './view.ts';

/** Parts that have a PUT and a DELETE of their own in the REST reference. */
const writable = new Set(['subnets', 'securityRules', 'backendAddressPools', 'inboundNatRules']);

/** The routes of a resource's parts: `…/virtualNetworks/:name/subnets/:part` and so on. */
export function partRoutes(kind: Kind, one: string, page: string): readonly Route[] {
  return kind.parts.flatMap((part): Route[] => {
    const path = `${one}/${part}/:part`;
    return [
      ['GET', `${one}/${part}`, (world, request) => ok({ value: shown(world, request, kind, part) }), page],
      ['GET', path, (world, request) => ok(findPart(world, request, kind, part)), page],
      ...(writable.has(part) ? writeRoutes(kind, part, path, page) : []),
    ];
  });
}

const writeRoutes = (kind: Kind, part: string, path: string, page: string): Route[] => [
  ['PUT', path, (world, request) => writePart(world, request, kind, part), page],
  ['DELETE', path, (world, request) => removePart(world, request, kind, part), page],
];

/** As the owner's own read shows them. */
const shown = (world: World, request: Request, kind: Kind, part: string): readonly Child[] =>
  partsOf(view(world, kind, find(world, request, kind)).properties, part);

function findPart(world: World, request: Request, kind: Kind, part: string): Child {
  const found = shown(world, request, kind, part).find(isNamed(request));
  if (found) return found;
  throw new ArmError(404, 'NotFound', `Resource ${request.url.pathname} not found.`);
}

function writePart(world: World, request: Request, kind: Kind, part: string): Answer {
  const owner = find(world, request, kind);
  const written = child(owner.id, part, { ...request.json, name: request.params['part'] });
  const others = partsOf(owner.properties, part).filter((known) => !isNamed(request)(known));
  const { status, headers = {} } = store(world, request, kind, {
    ...owner,
    properties: { ...owner.properties, [part]: [...others, written] },
  });
  return { status, headers, body: findPart(world, request, kind, part) };
}

function removePart(world: World, request: Request, kind: Kind, part: string): Answer {
  const owner = find(world, request, kind);
  const named = partsOf(owner.properties, part).find(isNamed(request));
  if (!named) return { status: 204 };
  const user = partInUse(world, part, named);
  if (user) throw user;
  const others = partsOf(owner.properties, part).filter((known) => !isNamed(request)(known));
  const { headers = {} } = store(world, request, kind, {
    ...owner,
    properties: { ...object(owner.properties), [part]: others },
  });
  return { status: 202, headers };
}

const isNamed = (request: Request) => (part: Child) => keyOf(part.name) === keyOf(request.params['part'] ?? '');
