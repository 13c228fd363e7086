import { ArmError } from '../core/arm-errors.ts';
import type { Json } from '../core/http.ts';
import { list, object, text } from '../core/json.ts';
import { isDefault, weekDays } from './profiles.ts';
import { isKnownZone, momentOf } from './time.ts';

/** Sentences and the one code for all of them are ours; the rules are those of the document and of Microsoft Learn. */
const refuse = (message: string) => new ArmError(400, 'BadRequest', message);

const mostProfiles = 20;
const mostRules = 10;
const mostFixedDays = 365;

/** Refuses properties that Azure would not keep (spec autoscale 2022-10-01; autoscale-understanding-settings). */
export function requireSetting(properties: Json): void {
  const profiles = list(properties['profiles']).map(object);
  if (profiles.length === 0) throw refuse('An autoscale setting needs at least one profile.');
  if (profiles.length > mostProfiles)
    throw refuse(`An autoscale setting has at most ${mostProfiles} profiles, not ${profiles.length}.`);
  if (profiles.filter(isDefault).length > 1) throw refuse('An autoscale setting has at most one default profile.');
  for (const profile of profiles) requireProfile(profile);
}

function requireProfile(profile: Json): void {
  const name = text(profile['name']);
  if (!name) throw refuse('A profile needs a name.');
  if (!Array.isArray(profile['rules'])) throw refuse(`Profile '${name}' needs rules, if only an empty list.`);
  if (profile['rules'].length > mostRules) throw refuse(`Profile '${name}' has more than ${mostRules} rules.`);
  if (profile['fixedDate'] && profile['recurrence'])
    throw refuse(`Profile '${name}' has both a fixed date and a recurrence.`);
  requireCapacity(name, object(profile['capacity']));
  if (profile['fixedDate']) requireFixedDate(name, object(profile['fixedDate']));
  if (profile['recurrence']) requireRecurrence(name, object(profile['recurrence']));
}

/** Numbers as text, `minimum` ≤ `default` ≤ `maximum`. */
function requireCapacity(name: string, capacity: Json): void {
  const [minimum, standard, maximum] = ['minimum', 'default', 'maximum'].map((member) => {
    const value = text(capacity[member]);
    if (value === undefined || !/^\d+$/.test(value))
      throw refuse(`The ${member} of profile '${name}' must be a whole number as text.`);
    return Number(value);
  });
  if (minimum !== undefined && standard !== undefined && maximum !== undefined)
    if (minimum > standard || standard > maximum)
      throw refuse(`Profile '${name}' must have minimum ≤ default ≤ maximum: ${minimum}, ${standard}, ${maximum}.`);
}

function requireFixedDate(name: string, { start, end, timeZone }: Json): void {
  requireZone(name, timeZone);
  const lastsMs = momentOf(end, timeZone) - momentOf(start, timeZone);
  if (Number.isNaN(lastsMs)) throw refuse(`The fixed date of profile '${name}' needs start and end in ISO 8601.`);
  if (lastsMs <= 0) throw refuse(`The fixed date of profile '${name}' ends before it starts.`);
  if (lastsMs > mostFixedDays * 86_400_000)
    throw refuse(`The fixed date of profile '${name}' is longer than ${mostFixedDays} days.`);
}

function requireRecurrence(name: string, recurrence: Json): void {
  const { timeZone, days, hours, minutes } = object(recurrence['schedule']);
  if (recurrence['frequency'] !== 'Week') throw refuse(`The recurrence of profile '${name}' must be Week.`);
  requireZone(name, timeZone);
  const named = list(days);
  if (named.length === 0 || !named.every((day) => weekDays.includes(String(day))))
    throw refuse(`The recurrence of profile '${name}' needs days from Sunday to Saturday.`);
  if (!isOne(hours, 23) || !isOne(minutes, 59))
    throw refuse(`The recurrence of profile '${name}' needs one hour from 0 to 23 and one minute from 0 to 59.`);
}

/** The document has lists; more than one start a day is not simulated. */
function isOne(value: unknown, most: number): boolean {
  const [number, ...more] = list(value);
  return more.length === 0 && Number.isInteger(number) && Number(number) >= 0 && Number(number) <= most;
}

function requireZone(name: string, zone: unknown): void {
  if (!isKnownZone(zone))
    throw refuse(
      `The simulated Azure does not know the time zone '${zone}' of profile '${name}': it has no summer time.`,
    );
}
