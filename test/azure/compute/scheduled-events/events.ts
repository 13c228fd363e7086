import { badRequest } from '../../core/arm-errors.ts';
import { durationMs } from '../../core/duration.ts';
import type { Json } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { at, object } from '../../core/json.ts';
import { later, type World } from '../../core/world.ts';
import type { Instance } from '../state.ts';
import type { EventDocument, ScheduledEvent } from './state.ts';

const dayMs = 86_400_000;
const leastMs = 5 * 60_000;
const mostMs = 15 * 60_000;

const profileOf = (virtualMachineProfile: Json): Json =>
  object(at(virtualMachineProfile, 'scheduledEventsProfile', 'terminateNotificationProfile'));

/** From five to fifteen minutes (doc terminate-notification); sentence: own. */
export function requireTerminateNotification(virtualMachineProfile: Json): void {
  const { notBeforeTimeout } = profileOf(virtualMachineProfile);
  if (notBeforeTimeout === undefined) return;
  const ms = durationMs(notBeforeTimeout);
  if (ms === undefined || ms < leastMs || ms > mostMs)
    throw badRequest(
      `The value '${notBeforeTimeout}' of notBeforeTimeout must be from PT5M to PT15M.`,
      'terminateNotificationProfile.notBeforeTimeout',
    );
}

/** The notice that an instance's own model gives it; undefined when deletions are not announced. */
function noticeMs(instance: Instance): number | undefined {
  const { enable, notBeforeTimeout } = profileOf(instance.model.profile);
  return enable === true ? (durationMs(notBeforeTimeout) ?? leastMs) : undefined;
}

/**
 * Announces that an instance will be deleted. `proceed` is called when it may be, at once if its model wants no notice, and
 * is given what to call when the instance is gone.
 */
export function announceTermination(world: World, instance: Instance, proceed: (gone: () => void) => void): void {
  const wait = noticeMs(instance);
  const document = documentOf(world, instance.setKey);
  const announced = document.events.find(({ name }) => name === instance.name);
  if (wait === undefined || announced?.status === 'Started') proceed(() => {});
  else if (announced) announced.waiting.push(() => proceed(() => {}));
  else raise(world, document, instance, wait, proceed);
}

function raise(
  world: World,
  document: EventDocument,
  instance: Instance,
  wait: number,
  proceed: (gone: () => void) => void,
): void {
  const event: ScheduledEvent = {
    id: world.newId().toUpperCase(),
    name: instance.name,
    notBefore: world.clock.now() + wait,
    status: 'Scheduled',
    approved: false,
    waiting: [() => proceed(() => change(document, without(document, event)))],
  };
  change(document, [...document.events, event]);
  later(world, wait, () => {
    begin(document, event);
    beginApproved(document);
  });
  const key = keyOf(instance.id);
  world.machines.noticeTermination?.(key, () => approve(world, key, event.id));
}

const without = ({ events }: EventDocument, event: ScheduledEvent) => events.filter((other) => other !== event);

/** What a machine is shown. Asked for the first time in a day, the service only wakes up (doc scheduled-events). */
export function documentFor(world: World, machine: string | undefined): Pick<EventDocument, 'incarnation' | 'events'> {
  const instance = machine === undefined ? undefined : world.compute.instances.get(machine);
  if (!instance) return { incarnation: 0, events: [] };
  const document = documentOf(world, instance.setKey);
  const awake = document.askedAt !== undefined && world.clock.now() - document.askedAt < dayMs;
  document.askedAt = world.clock.now();
  return awake || world.settings.scheduledEventsBegin === 'atOnce' ? document : { incarnation: 0, events: [] };
}

/** False when no machine of this set is announced by that id. Approving twice is well. */
export function approve(world: World, machine: string | undefined, id: string): boolean {
  const instance = machine === undefined ? undefined : world.compute.instances.get(machine);
  const document = instance && documentOf(world, instance.setKey);
  const event = document?.events.find((known) => keyOf(known.id) === keyOf(id));
  if (!document || !event) return false;
  event.approved = true;
  beginApproved(document);
  return true;
}

/** Those that have been approved wait for all others (doc terminate-notification, "Approve all pending deletes"). */
function beginApproved(document: EventDocument): void {
  const pending = document.events.filter(({ status }) => status === 'Scheduled');
  if (pending.every(({ approved }) => approved)) for (const event of pending) begin(document, event);
}

/** Its time has come, or it has been approved; once. */
function begin(document: EventDocument, event: ScheduledEvent): void {
  if (event.status === 'Started' || !document.events.includes(event)) return;
  event.status = 'Started';
  change(document, document.events);
  for (const proceed of event.waiting) proceed();
}

function change(document: EventDocument, events: readonly ScheduledEvent[]): void {
  document.events = events;
  document.incarnation += 1;
}

function documentOf(world: World, setKey: string): EventDocument {
  const known = world.compute.scheduledEvents.get(setKey);
  if (known) return known;
  const made: EventDocument = { incarnation: 1, askedAt: undefined, events: [] };
  world.compute.scheduledEvents.set(setKey, made);
  return made;
}
