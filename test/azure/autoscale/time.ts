export const weekMs = 7 * 86_400_000;

/** Hours before UTC of the zones that keep no summer time; the others are not here. */
const zones: Readonly<Record<string, number>> = {
  UTC: 0,
  'Korea Standard Time': 9,
  'Tokyo Standard Time': 9,
  'China Standard Time': 8,
  'Singapore Standard Time': 8,
  'India Standard Time': 5.5,
};

export const isKnownZone = (name: unknown): boolean => name === undefined || String(name) in zones;

/** UTC when the setting names none. */
export const zoneOffsetMs = (name: unknown): number => (zones[String(name ?? 'UTC')] ?? 0) * 3_600_000;

/** `2026-01-01T09:00:00` is a time of the zone; with `Z` or an offset it says its own. NaN when it is no time. */
export function momentOf(value: unknown, zone: unknown): number {
  const written = String(value);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(written)) return Number.NaN;
  if (/(Z|[+-]\d{2}:\d{2})$/i.test(written)) return Date.parse(written);
  return Date.parse(`${written}Z`) - zoneOffsetMs(zone);
}
