import type { Json } from '../core/http.ts';

export const version = 'api-version=2022-10-01';

/** A profile with these limits and no rules; `more` is its fixed date or recurrence. */
export const profile = (name: string, minimum: number, maximum: number, more: Json = {}): Json => ({
  name,
  capacity: { minimum: String(minimum), maximum: String(maximum), default: String(minimum) },
  rules: [],
  ...more,
});

export const fixedDate = (start: string, end: string, timeZone = 'UTC'): Json => ({
  fixedDate: { timeZone, start, end },
});

export const weekly = (days: readonly string[], hour: number, minute = 0, timeZone = 'UTC'): Json => ({
  recurrence: { frequency: 'Week', schedule: { timeZone, days, hours: [hour], minutes: [minute] } },
});

/** The body of an enabled setting for a set. */
export const setting = (targetResourceUri: string, profiles: readonly Json[], more: Json = {}): Json => ({
  location: 'koreacentral',
  properties: { enabled: true, targetResourceUri, profiles, ...more },
});
