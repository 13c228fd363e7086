import { resolve } from '../templates/expand.ts';
import { type Fields, textOf } from '../templates/read.ts';
import { notPlayed } from '../yaml/problem.ts';

/** Which agents a pool has is ignored: the player is the agent. Jobs of the service itself are refused. */
export function refuseServerPool(fields: Fields): void {
  const pool = fields.get('pool');
  const isServer = pool !== undefined && resolve(pool).node.kind === 'scalar' && textOf(pool) === 'server';
  if (isServer) throw notPlayed(fields.placeOf('pool'), 'pool: server');
}
