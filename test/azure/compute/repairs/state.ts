/** What automatic repairs know of a set. */
export interface RepairWork {
  /** Is the platform looking at the set? */
  watched: boolean;
  /** Ids of instances that are being repaired, or replaced, at this moment. */
  readonly underWay: Set<string>;
  /** By instance id: how many repairs in a row, its own and of those it replaces, have not made it well. */
  readonly inVain: Map<string, number>;
  /** All repairs, in order: for tests to look at. */
  readonly done: Repair[];
}

export const noRepairs = (): RepairWork => ({ watched: false, underWay: new Set(), inVain: new Map(), done: [] });

export interface Repair {
  readonly at: number;
  readonly action: RepairAction;
  readonly instanceId: string;
  /** Who came in its place. */
  readonly replacementId?: string;
}

/** Compute REST, `AutomaticRepairsPolicy.repairAction`. */
export const repairActions = ['Replace', 'Restart', 'Reimage'] as const;
export type RepairAction = (typeof repairActions)[number];
