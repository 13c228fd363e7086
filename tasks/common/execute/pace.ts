/**
 * How often upgrade calls may start. Azure lets one scale set be written 12 times at once and then 4 times a minute
 * (compute-throttling-limits); half of that burst is left for the record, the model and whoever else writes.
 */
export interface Pace {
  readonly tokens: number;
  readonly at: number;
}

const burst = 6;
const refillMs = 15_000;

export const fullPace = (now: number): Pace => ({ tokens: burst, at: now });

/** The pace after one start at `now`, or undefined when the start has to wait. */
export function takeStart(pace: Pace, now: number): Pace | undefined {
  const tokens = Math.min(burst, pace.tokens + (now - pace.at) / refillMs);
  return tokens < 1 ? undefined : { tokens: tokens - 1, at: now };
}

/** A list of one page refills ten times a minute (compute-throttling-limits), so a look of n pages comes every n × 6 s. */
export const tickMs = (pages: number) => 6_000 * Math.max(1, pages);
