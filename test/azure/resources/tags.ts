import { ArmError, badRequest } from '../core/arm-errors.ts';
import { callRoute } from '../core/call-route.ts';
import { type Answer, type Json, ok, type Request } from '../core/http.ts';
import { object, tagsOf } from '../core/json.ts';
import { group, type Route } from '../core/routes.ts';
import type { World } from '../core/world.ts';
import type { Tags } from './state.ts';

const page = 'https://learn.microsoft.com/rest/api/resources/tags';
const ending = /\/providers\/Microsoft\.Resources\/tags\/default$/i;

/** Tags of a group or a resource as a resource of their own; they are read and written by the scope's own GET and PATCH. */
export function tagRoutes(providers: readonly Route[]): readonly Route[] {
  const scopes = [group, `${group}/providers/:provider/:type/:name`];
  return scopes.flatMap((scope): readonly Route[] => {
    const path = `${scope}/providers/Microsoft.Resources/tags/default`;
    const write = (change: Change) => (world: World, request: Request) => rewrite(world, providers, request, change);
    return [
      ['GET', path, (world, request) => ok(view(request, read(world, providers, request))), `${page}/get-at-scope`],
      ['PUT', path, write(replace), `${page}/create-or-update-at-scope`],
      ['PATCH', path, write(patch), `${page}/update-at-scope`],
      ['DELETE', path, write(() => ({})), `${page}/delete-at-scope`],
    ];
  });
}

type Change = (tags: Tags, json: Json) => Tags;

const given = (json: Json): Tags => tagsOf(object(json['properties'])['tags']);

const replace: Change = (_, json) => given(json);

const patch: Change = (tags, json) => {
  switch (json['operation']) {
    case 'Replace':
      return given(json);
    case 'Merge':
      return { ...tags, ...given(json) };
    case 'Delete':
      return without(tags, given(json));
    default:
      throw badRequest(`The tags operation '${String(json['operation'])}' is invalid.`);
  }
};

/** Names with any value, or with the very value that is given (REST page of tags/update-at-scope). */
const without = (tags: Tags, gone: Tags): Tags =>
  Object.fromEntries(
    Object.entries(tags).filter(([name, value]) => gone[name] === undefined || ![value, ''].includes(gone[name])),
  );

function read(world: World, providers: readonly Route[], request: Request): Tags {
  return tagsOf(object(at(world, providers, request, 'GET')?.body)['tags']);
}

function rewrite(world: World, providers: readonly Route[], request: Request, change: Change): Answer {
  const tags = change(read(world, providers, request), request.json);
  if (!at(world, providers, request, 'PATCH', { tags })) throw notTaggable(scopeOf(request));
  return ok(view(request, tags));
}

function at(world: World, providers: readonly Route[], request: Request, method: string, json: Json = {}) {
  return callRoute(world, providers, request, { method, path: scopeOf(request), apiVersion: '2024-07-01', json });
}

const scopeOf = ({ url }: Request) => url.pathname.replace(ending, '');

const view = (request: Request, tags: Tags) => ({
  id: `${scopeOf(request)}/providers/Microsoft.Resources/tags/default`,
  name: 'default',
  type: 'Microsoft.Resources/tags',
  properties: { tags },
});

const notTaggable = (scope: string) =>
  new ArmError(404, 'InvalidResourceType', `The simulated Azure can't write the tags of ${scope}.`);
