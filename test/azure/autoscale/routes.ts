import { ArmError } from '../core/arm-errors.ts';
import { type Answer, created, type Json, noContent, ok, type Request } from '../core/http.ts';
import { keyOf } from '../core/ids.ts';
import { object, tagsOf, text } from '../core/json.ts';
import { group, type Route, subscription } from '../core/routes.ts';
import type { World } from '../core/world.ts';
import { findGroup, findResource, inScope, locationOf, writableGroup } from '../resources/lookup.ts';
import { watchSetting } from './autoscaler.ts';
import { requireSetting } from './rules.ts';
import type { AutoscaleSetting } from './state.ts';

const page = 'https://learn.microsoft.com/rest/api/monitor/autoscale-settings';
const type = 'microsoft.insights/autoscalesettings';
const all = `/providers/${type}`;
const one = `${group}${all}/:name`;

/** All that Microsoft.Insights answers here. Everything of it is synchronous (spec autoscale 2022-10-01). */
export const routes: readonly Route[] = [
  ['GET', `${subscription}${all}`, listInSubscription, `${page}/list-by-subscription`],
  ['GET', `${group}${all}`, listInGroup, `${page}/list-by-resource-group`],
  ['GET', one, read, `${page}/get`],
  ['PUT', one, write, `${page}/create-or-update`],
  ['PATCH', one, change, `${page}/update`],
  ['DELETE', one, remove, `${page}/delete`],
];

function listInSubscription(world: World, request: Request): Answer {
  return listIn(world, `/subscriptions/${request.params['subscription']}`);
}

function listInGroup(world: World, request: Request): Answer {
  return listIn(world, findGroup(world, request).id);
}

const listIn = (world: World, scope: string) => ok({ value: inScope(world.autoscale.settings, scope).map(view) });

const find = (world: World, request: Request) => findResource(world, request, world.autoscale.settings, type);

function read(world: World, request: Request): Answer {
  return ok(view(find(world, request)));
}

function write(world: World, request: Request): Answer {
  const home = writableGroup(world, request);
  const name = request.params['name'] ?? '';
  const id = `${home.id}${all}/${name}`;
  const location = locationOf(request);
  const properties = propertiesOf(world, id, object(request.json['properties']));
  const tags = tagsOf(request.json['tags']);
  const present = world.autoscale.settings.get(keyOf(id));
  if (present) return ok(view(replace(world, present, properties, tags)));
  const setting: AutoscaleSetting = { id, name, location, tags, properties, demand: [] };
  world.autoscale.settings.set(keyOf(id), setting);
  watchSetting(world, setting);
  return created(view(setting));
}

/** What is given replaces what is there, member by member; `profiles` is required by the document, in a PATCH too. */
function change(world: World, request: Request): Answer {
  const setting = find(world, request);
  const { tags, properties } = request.json;
  const merged = { ...setting.properties, ...object(properties) };
  if (properties !== undefined && object(properties)['profiles'] === undefined)
    throw new ArmError(400, 'BadRequest', 'The profiles of an autoscale setting are required, in a PATCH too.');
  const kept = tags === undefined ? setting.tags : tagsOf(tags);
  return ok(view(replace(world, setting, propertiesOf(world, setting.id, merged), kept)));
}

function replace(
  world: World,
  setting: AutoscaleSetting,
  properties: Json,
  tags: AutoscaleSetting['tags'],
): AutoscaleSetting {
  Object.assign(setting, { properties, tags });
  watchSetting(world, setting);
  return setting;
}

function remove(world: World, request: Request): Answer {
  const key = keyOf(`${findGroup(world, request).id}${all}/${request.params['name']}`);
  return world.autoscale.settings.delete(key) ? { status: 200 } : noContent();
}

/** `enabled` is false when a client does not say it (spec autoscale 2022-10-01). */
function propertiesOf(world: World, id: string, written: Json): Json {
  requireSetting(written);
  const target = text(written['targetResourceUri']);
  const other = [...world.autoscale.settings.values()].find(
    (setting) => keyOf(setting.id) !== keyOf(id) && target !== undefined && isOn(setting, target),
  );
  if (other)
    throw new ArmError(409, 'Conflict', `The resource '${target}' has the autoscale setting '${other.id}' already.`);
  return { enabled: false, ...written };
}

/** Only one setting a resource (autoscale-understanding-settings). */
const isOn = ({ properties }: AutoscaleSetting, target: string) =>
  keyOf(text(properties['targetResourceUri']) ?? '') === keyOf(target);

const view = ({ id, name, location, tags, properties }: AutoscaleSetting) => ({
  id,
  name,
  type: 'Microsoft.Insights/autoscaleSettings',
  location,
  tags,
  properties,
});
