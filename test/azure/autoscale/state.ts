import type { Json } from '../core/http.ts';
import type { Tags } from '../resources/state.ts';

/** What Microsoft.Insights keeps here, and what its autoscaler has done. */
export interface AutoscaleState {
  /** Keyed by the lower-case ARM id. */
  readonly settings: Map<string, AutoscaleSetting>;
  /** All that the autoscaler has tried, in order: for tests to look at. */
  readonly actions: AutoscaleAction[];
}

export const emptyAutoscaleState = (): AutoscaleState => ({ settings: new Map(), actions: [] });

export interface AutoscaleSetting {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  tags: Tags;
  /** As the client wrote them, with `enabled` always there. */
  properties: Json;
  /** Demand that has come up and has not been met yet, oldest first. */
  readonly demand: Demand[];
}

/** What a load would make the rules ask for: so many instances more or fewer. */
export interface Demand {
  readonly change: number;
  triesLeft: number;
}

export interface AutoscaleAction {
  readonly settingId: string;
  readonly at: number;
  /** Whose limits counted; undefined when no profile was in force or the setting was off. */
  readonly profile: string | undefined;
  /** What was asked for; undefined when only the limits were. */
  readonly change: number | undefined;
  readonly from: number;
  readonly to: number;
  /**
   * `scaled`; `bounded`, by limits that left nothing to do; `disabled`, the setting; `refused`, with the code, when the
   * set could not be written: tried again.
   */
  readonly outcome: 'scaled' | 'bounded' | 'disabled' | 'refused';
  readonly code?: string;
  /** Ids of the instances that came and went, known a moment after the action. */
  added: readonly string[];
  removed: readonly string[];
}
