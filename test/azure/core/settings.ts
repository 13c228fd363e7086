/** What the simulated Azure can be told to do either way. Each unproven fact is a switch here and a row in README.md. */
export interface Settings {
  /** Seconds in `Retry-After` of operations; Azure's compute answers 10 or more, a demo wants 1. */
  readonly retryAfterS: number;
  /** May a second manualupgrade start while the first is open? Not proven (azure.md §2). */
  readonly manualUpgradeConcurrency: 'overlap' | 'startConflict' | 'exclusive';
  /** Instances on one page of the list. Not documented. */
  readonly listPageSize: number;
  /** Are managed run commands of an instance executed again on its fresh disk? Not proven. */
  readonly runCommandsReplayOnReimage: boolean;
  /** Enforce the token buckets of azure.md §17. */
  readonly rateLimits: boolean;
  /** Milliseconds a region takes to receive a gallery version. */
  readonly replicationMs: number;
}

export const defaultSettings: Settings = {
  retryAfterS: 10,
  manualUpgradeConcurrency: 'overlap',
  listPageSize: 100,
  runCommandsReplayOnReimage: true,
  rateLimits: true,
  replicationMs: 60_000,
};
