import { preconditionFailed } from '../../core/arm-errors.ts';
import type { Answer, Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { accept } from '../../core/operations.ts';
import type { World } from '../../core/world.ts';
import { findResource } from '../lookup.ts';
import { briefWork, operationPathOf } from '../operations.ts';
import type { LoadBalancer, NetworkResource } from '../state.ts';
import type { Kind } from './kinds.ts';
import { checkReferences } from './references.ts';
import { view } from './view.ts';

export const provider = 'Microsoft.Network';

/** Checks, fills and keeps it: a write of the whole and a write of one part end here. */
export function store(world: World, request: Request, kind: Kind, written: NetworkResource): Answer {
  const old = mapOf(world, kind).get(keyOf(written.id));
  const wanted = request.headers['if-match'];
  if (wanted !== undefined && wanted !== '*' && wanted !== old?.etag) throw preconditionFailed();
  checkReferences(world, written.id, written.properties);
  const properties = kind.fill?.(world, written.id, written.properties) ?? written.properties;
  const kept: NetworkResource = { ...written, properties, etag: `W/"${world.newId()}"`, provisioningState: 'Updating' };
  mapOf(world, kind).set(keyOf(kept.id), kept);
  const settled = () => {
    kept.provisioningState = 'Succeeded';
  };
  return accept(world, request, {
    status: old ? 200 : 201,
    location: kept.location,
    operationPath: operationPathOf(request, provider, kept.location),
    body: view(world, kind, kept),
    work: briefWork(world, settled),
  });
}

export const find = (world: World, request: Request, kind: Kind) =>
  findResource(world, request, mapOf(world, kind), `${provider}/${kind.type}`);

/** A balancer's parts are there because `withPartIds` has put them there. */
export const mapOf = (world: World, kind: Kind) =>
  world.resources[kind.type] as Map<string, NetworkResource> & Map<string, LoadBalancer>;
