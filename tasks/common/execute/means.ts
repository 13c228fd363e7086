import type { Clock } from '../clock.ts';
import type { Drain } from '../drain/drain.ts';
import type { Pauses } from '../pause/pauses.ts';
import type { Hold } from '../record/hold.ts';
import type { AlertWatch } from './alert-watch.ts';
import type { Fleet } from './fleet.ts';
import type { Observer } from './job.ts';

/** By what a plan is carried out: Azure and the time of day, or a fleet and a clock that are only imagined. */
export interface Means {
  readonly hold: Hold;
  readonly pauses: Pauses;
  readonly fleet: Fleet;
  /** Absent when the author gave no way to drain. */
  readonly drain?: Drain;
  /** Absent when no alert rules are heeded. */
  readonly alerts?: AlertWatch;
  readonly clock: Clock;
  readonly cancelled: AbortSignal;
  readonly observer: Observer;
}

/** Before a node is touched: the record, and then what it says is paused. */
export async function prepare({ hold, pauses }: Pick<Means, 'hold' | 'pauses'>): Promise<void> {
  await hold.ensure();
  await pauses.begin();
}
