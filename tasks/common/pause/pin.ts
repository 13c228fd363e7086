import type { AutoscaleProfile } from '../azure/autoscale.ts';

/** Our profile among those of an autoscale setting: whoever finds it knows by its name whose it is. */
export const pinName = 'phoenix-pause';

/** Profiles that a setting may have (autoscale 2022-10-01). */
export const mostProfiles = 20;

export interface Pin {
  readonly capacity: number;
  /** Milliseconds since the epoch; after its end Azure goes by the other profiles again, whoever is dead by then. */
  readonly from: number;
  readonly until: number;
}

/**
 * The profiles with one before them that allows one number of nodes: a fixed date goes before a recurrence and the
 * default, and of several in force the first counts (autoscale-understanding-settings).
 */
export function pinned(
  profiles: readonly AutoscaleProfile[],
  { capacity, from, until }: Pin,
): readonly AutoscaleProfile[] {
  const nodes = String(capacity);
  const pin: AutoscaleProfile = {
    name: pinName,
    capacity: { minimum: nodes, maximum: nodes, default: nodes },
    rules: [],
    fixedDate: { timeZone: 'UTC', start: new Date(from).toISOString(), end: new Date(until).toISOString() },
  };
  return [pin, ...withoutPin(profiles)];
}

/** The profiles as they were found; undefined when ours is not among them. */
export function unpinned(profiles: readonly AutoscaleProfile[]): readonly AutoscaleProfile[] | undefined {
  const others = withoutPin(profiles);
  return others.length === profiles.length ? undefined : others;
}

export const withoutPin = (profiles: readonly AutoscaleProfile[]) => profiles.filter(({ name }) => name !== pinName);
