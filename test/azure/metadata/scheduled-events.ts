import { approve, documentFor } from '../compute/scheduled-events/events.ts';
import type { ScheduledEvent } from '../compute/scheduled-events/state.ts';
import { type Answer, type Json, ok, type Request } from '../core/http.ts';
import { list, object, text } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { refused, whyRefused } from './header.ts';

/** The members that came with each version; the service knows no others (doc scheduled-events, versions). */
const versions = ['2017-08-01', '2017-11-01', '2019-01-01', '2019-04-01', '2019-08-01', '2020-07-01'];
const terminateSince = '2019-01-01';

/** `GET /metadata/scheduledevents`: what is about to happen to the machines of the set, to all of them alike. */
export function readEvents(world: World, request: Request): Answer {
  const why = whyNot(request);
  if (why !== undefined) return refused(why);
  const { incarnation, events } = documentFor(world, request.from);
  const known = request.apiVersion >= terminateSince ? events : [];
  return ok({ DocumentIncarnation: incarnation, Events: known.map((event) => view(event, request.apiVersion)) });
}

/** `POST /metadata/scheduledevents`: lets events begin before their time. Any machine of the set may. */
export function approveEvents(world: World, request: Request): Answer {
  const why = whyNot(request);
  if (why !== undefined) return refused(why);
  const ids = list(request.json['StartRequests']).map((start) => text(object(start)['EventId']));
  if (ids.length === 0) return refused('The body needs StartRequests with the EventId of each event');
  for (const id of ids)
    if (!approve(world, request.from, id ?? '')) return refused(`There is no event '${id}' that could start`);
  return { status: 200 };
}

function whyNot(request: Request): string | undefined {
  const unknown = versions.includes(request.apiVersion) ? undefined : `Unknown api-version '${request.apiVersion}'`;
  return whyRefused(request) ?? unknown;
}

/** `NotBefore` is empty once the event has begun. */
function view({ id, name, status, notBefore }: ScheduledEvent, version: string): Json {
  return {
    EventId: id,
    EventType: 'Terminate',
    ResourceType: 'VirtualMachine',
    Resources: [name],
    EventStatus: status,
    NotBefore: status === 'Started' ? '' : new Date(notBefore).toUTCString(),
    ...(version >= '2019-04-01' && {
      Description: 'Virtual machine is being deleted as requested by authorized user.',
    }),
    ...(version >= '2019-08-01' && { EventSource: 'User' }),
    ...(version >= '2020-07-01' && { DurationInSeconds: -1 }),
  };
}
