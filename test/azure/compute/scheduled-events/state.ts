/** What the machines of one scale set are told of what comes: one document for all of them. */
export interface EventDocument {
  /** Counts the changes of the list. */
  incarnation: number;
  /** When a machine of the set last asked; undefined while none has. */
  askedAt: number | undefined;
  events: readonly ScheduledEvent[];
}

/** That a machine will be deleted. */
export interface ScheduledEvent {
  readonly id: string;
  /** `{set}_{instance id}` */
  readonly name: string;
  readonly notBefore: number;
  status: 'Scheduled' | 'Started';
  approved: boolean;
  /** What begins with it: the deletion, or several that were asked for. */
  readonly waiting: (() => void)[];
}
