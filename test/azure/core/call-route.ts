import type { Answer, Json, Request } from './http.ts';
import { matchRoute, type Route } from './routes.ts';
import type { World } from './world.ts';

/** What one provider asks of another by its own route; undefined when nobody answers there. */
export interface InnerCall {
  readonly method: string;
  readonly path: string;
  readonly apiVersion: string;
  readonly json?: Json;
}

export function callRoute(
  world: World,
  routes: readonly Route[],
  { url: { host } }: Request,
  { method, path, apiVersion, json = {} }: InnerCall,
): Answer | undefined {
  const matched = matchRoute(routes, method, path);
  if (!matched) return undefined;
  const url = new URL(`https://${host}${path}?api-version=${apiVersion}`);
  const body = method === 'GET' ? '' : JSON.stringify(json);
  const { params, route } = matched;
  return route[2](world, { method, url, headers: {}, body, params, apiVersion, json });
}
