import { preconditionFailed } from '../../core/arm-errors.ts';
import type { Answer, Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { accept, type Completion } from '../../core/operations.ts';
import type { World } from '../../core/world.ts';
import { findResource } from '../lookup.ts';
import { briefWork, networkPaths } from '../operations.ts';
import type { LoadBalancer, NetworkResource } from '../state.ts';
import { watchPools } from './application-gateways/draining.ts';
import { beginWrite, refuseBusy } from './busy.ts';
import type { Kind } from './kinds.ts';
import { checkReferences } from './references.ts';
import { view } from './view.ts';

export const provider = 'Microsoft.Network';

/** Checks, fills and keeps it: a write of the whole and a write of one part end here. */
export function store(world: World, request: Request, kind: Kind, written: NetworkResource): Answer {
  const old = mapOf(world, kind).get(keyOf(written.id));
  requireEtag(request, old);
  refuseBusy(world, written.id, written.properties);
  const properties = kind.fill?.(world, written.id, written.properties, written) ?? written.properties;
  checkReferences(world, written.id, properties);
  const kept: NetworkResource = { ...written, properties, etag: `W/"${world.newId()}"`, provisioningState: 'Updating' };
  const noteDepartures = watchPools(world);
  mapOf(world, kind).set(keyOf(kept.id), kept);
  noteDepartures();
  return accept(world, request, {
    status: old ? 200 : 201,
    location: kept.location,
    ...networkPaths(request, kept.location),
    body: view(world, kind, kept),
    work: (completion) => settle(world, kind, kept, completion),
  });
}

/** `If-Match` and `If-None-Match: *`; only the first is in the documents, for parts of private links (spec network). */
function requireEtag({ headers }: Request, old: NetworkResource | undefined): void {
  const { 'if-match': wanted, 'if-none-match': unwanted } = headers;
  if (wanted !== undefined && (old === undefined || (wanted !== '*' && wanted !== old.etag)))
    throw preconditionFailed();
  if (unwanted === '*' && old) throw preconditionFailed();
}

function settle(world: World, kind: Kind, kept: NetworkResource, completion: Completion): void {
  const close = beginWrite(world, kind.type, kept.id, completion);
  const done = () => {
    kept.provisioningState = 'Succeeded';
    close();
  };
  briefWork(world, done, kind.writeMs?.(world))(completion);
}

export const find = (world: World, request: Request, kind: Kind) =>
  findResource(world, request, mapOf(world, kind), `${provider}/${kind.type}`);

/** A balancer's parts are there because `withPartIds` has put them there. */
export const mapOf = (world: World, kind: Kind) =>
  world.resources[kind.type] as Map<string, NetworkResource> & Map<string, LoadBalancer>;
