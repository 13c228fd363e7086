import type { Json } from '../core/http.ts';
import { at, list, object, text } from '../core/json.ts';
import { momentOf, weekMs, zoneOffsetMs } from './time.ts';

/** One profile's name and limits. */
export interface Profile {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * The profile in force at a moment: a fixed-date one, else the recurring one that has begun last, else the default
 * (Microsoft Learn, autoscale-understanding-settings: this order; the first that fits of each kind). A recurring one
 * lasts until the next begins (autoscale-multiprofile).
 */
export function profileAt(properties: Json, now: number): Profile | undefined {
  const profiles = list(properties['profiles']).map(object);
  const fixed = profiles.find((profile) => isFixedNow(profile, now));
  const found = fixed ?? lastBegun(profiles, now) ?? profiles.find(isDefault);
  return found && limitsOf(found);
}

function isFixedNow(profile: Json, now: number): boolean {
  const { start, end, timeZone } = object(profile['fixedDate']);
  if (start === undefined) return false;
  return momentOf(start, timeZone) <= now && now < momentOf(end, timeZone);
}

/** Without a time of its own. */
export const isDefault = (profile: Json): boolean => !profile['fixedDate'] && !profile['recurrence'];

function lastBegun(profiles: readonly Json[], now: number): Json | undefined {
  const begun = profiles
    .filter((profile) => profile['recurrence'] && !profile['fixedDate'])
    .map((profile) => ({ profile, age: sinceLastStart(object(at(profile, 'recurrence', 'schedule')), now) }));
  return begun.sort((a, b) => a.age - b.age)[0]?.profile;
}

const dayMs = 86_400_000;
export const weekDays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** How long ago a weekly schedule last began; the epoch was a Thursday. */
function sinceLastStart(schedule: Json, now: number): number {
  const local = now + zoneOffsetMs(schedule['timeZone']);
  const [hour, minute] = [list(schedule['hours'])[0], list(schedule['minutes'])[0]].map(Number);
  const ages = list(schedule['days']).map((day) => {
    const start = (weekDays.indexOf(String(day)) - 4) * dayMs + ((hour ?? 0) * 60 + (minute ?? 0)) * 60_000;
    return (((local - start) % weekMs) + weekMs) % weekMs;
  });
  return Math.min(...ages);
}

function limitsOf(profile: Json): Profile {
  const { minimum, maximum } = object(profile['capacity']);
  return { name: text(profile['name']) ?? '', minimum: Number(minimum), maximum: Number(maximum) };
}
