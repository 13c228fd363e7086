import { type AlertsState, emptyAlertsState } from '../alerts/state.ts';
import { type AuthorizationState, emptyAuthorizationState } from '../authorization/state.ts';
import { type AutoscaleState, emptyAutoscaleState } from '../autoscale/state.ts';
import { type ComputeState, emptyComputeState } from '../compute/state.ts';
import type { Machines } from '../machines/machines.ts';
import { emptyResourceState, type ResourceState } from '../resources/state.ts';
import { emptySignInState, type SignInState } from '../sign-in/state.ts';
import { type Fault, type Faults, noFaults } from './faults.ts';
import type { Answer, Call } from './http.ts';
import type { Operation } from './operations.ts';
import { Schedule } from './schedule.ts';
import { defaultSettings, type Settings } from './settings.ts';

/** The time of the simulated Azure. The test moves it, or it is the wall clock. */
export interface Clock {
  now(): number;
}

export interface World {
  readonly clock: Clock;
  readonly random: () => number;
  /** Ids from the seed, so that one seed tells one story. */
  readonly newId: () => string;
  readonly settings: Settings;
  readonly schedule: Schedule;
  readonly operations: Map<string, Operation>;
  readonly faults: Faults;
  readonly machines: Machines;
  /** Called after every call with its answer, and the fault that shaped it: where a test asserts what must always hold. */
  readonly observers: ((call: Call, answer: Answer, fault?: Fault) => void)[];
  /** What each room keeps: plain maps, keyed by lower-case ARM id. */
  readonly signIn: SignInState;
  readonly authorization: AuthorizationState;
  readonly resources: ResourceState;
  readonly compute: ComputeState;
  readonly autoscale: AutoscaleState;
  readonly alerts: AlertsState;
}

export interface WorldOptions {
  readonly clock: Clock;
  readonly seed?: number;
  readonly settings?: Partial<Settings>;
  readonly faults?: Faults;
  /** Given the world, because a machine's life is planned on the world's schedule. */
  readonly machines: (world: World) => Machines;
}

/**
 * Told of every world that this process makes. Empty, unless somebody wants to see the traffic of all of them, as the
 * conformance check does.
 */
export const worldWatchers: ((world: World) => void)[] = [];

export function createWorld(options: WorldOptions): World {
  const random = seededRandom(options.seed ?? 1);
  const schedule = new Schedule();
  const world: Omit<World, 'machines'> & { machines?: Machines } = {
    clock: { now: () => schedule.moment ?? options.clock.now() },
    random,
    newId: () => seededId(random),
    settings: { ...defaultSettings, ...options.settings },
    schedule,
    operations: new Map(),
    faults: options.faults ?? noFaults(),
    observers: [],
    signIn: emptySignInState(),
    authorization: emptyAuthorizationState(),
    resources: emptyResourceState(),
    compute: emptyComputeState(),
    autoscale: emptyAutoscaleState(),
    alerts: emptyAlertsState(),
  };
  world.machines = options.machines(world as World);
  for (const watch of worldWatchers) watch(world as World);
  return world as World;
}

/** Runs what has become due. Called before each request is answered; a server also calls it as time passes. */
export function settle(world: World): void {
  world.schedule.run(world.clock.now());
}

/** Plans work for later in simulated time. */
export function later(world: World, delayMs: number, work: () => void): void {
  world.schedule.add(world.clock.now() + delayMs, work);
}

/** mulberry32: small, seeded, good enough to tell different stories. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function seededId(random: () => number): string {
  const hex = (length: number) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
}
