import type { Answer, Request } from './http.ts';
import type { World } from './world.ts';

export type Handler = (world: World, request: Request) => Answer;

/** Method, path template with `:placeholders` (matched without regard to case, as ARM does), handler, REST page. */
export type Route = readonly [method: string, template: string, handler: Handler, page: string];

/** Who answers: Resource Manager, the sign-in service, the pipeline service, or the metadata service of a machine. */
export type Service = 'arm' | 'login' | 'devops' | 'metadata';

export interface MatchedRoute {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export const subscription = '/subscriptions/:subscription';
export const group = `${subscription}/resourceGroups/:group`;

export function matchRoute(routes: readonly Route[], method: string, path: string): MatchedRoute | undefined {
  const parts = segments(path).map(decodeURIComponent);
  for (const route of routes) {
    if (route[0] !== method) continue;
    const params = matchSegments(templateOf(route), parts);
    if (params) return { route, params };
  }
  return undefined;
}

function matchSegments(template: readonly string[], parts: readonly string[]) {
  if (template.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of template.entries()) {
    const actual = parts[index] ?? '';
    if (expected.startsWith(':')) params[expected.slice(1)] = actual;
    else if (expected.toLowerCase() !== actual.toLowerCase()) return undefined;
  }
  return params;
}

/** Split once: each call is held against many of them. */
const templates = new WeakMap<Route, readonly string[]>();

function templateOf(route: Route): readonly string[] {
  const known = templates.get(route) ?? segments(route[1]);
  templates.set(route, known);
  return known;
}

const segments = (path: string) => path.split('/').filter((segment) => segment !== '');
