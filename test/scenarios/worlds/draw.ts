import type { Settings } from '../../azure/core/settings.ts';
import type { Loss } from '../between-stages.ts';

/** Random numbers from one seed (mulberry32), as a story needs them. */
export interface Draw {
  number(): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  chance(probability: number): boolean;
  one<Choice>(choices: readonly Choice[]): Choice;
}

export function drawFrom(seed: number): Draw {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  const number = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (low: number, high: number) => low + Math.floor(number() * (high - low + 1));
  return {
    number,
    whole,
    chance: (probability) => number() < probability,
    one: (choices) => choices[whole(0, choices.length - 1)] as (typeof choices)[number],
  };
}

/** One world and what is done in it: all of it from the seed. */
export interface WorldPlan {
  readonly seed: number;
  readonly nodes: number;
  readonly zones: readonly string[];
  readonly settings: Partial<Settings>;
  readonly image: 'good' | 'neverHealthy' | 'someBreak' | 'flapping';
  /** Shares of nodes that are what the word says. */
  readonly breaking: number;
  readonly protectedNodes: number;
  /** Until when they are protected, and waited for; undefined when they are left alone. */
  readonly protectedUntilMs: number | undefined;
  /** Those that stay protected are replaced all the same. */
  readonly replacesProtected: boolean;
  readonly sickBefore: number;
  readonly times: {
    readonly diskMs: number;
    readonly spread: number;
    readonly healthyMs: number;
    readonly drainMs: number;
  };
  readonly drains: boolean;
  readonly cutSessions: boolean;
  readonly maxUnavailable: number;
  readonly maxFailedNodes: number;
  readonly minReadyMs: number;
  /** Numbers of nodes to stop at, in the stages that name none. */
  readonly checkpoints: readonly number[];
  readonly jobDeadlineMs: number | undefined;
  readonly onFailure: 'stop' | 'rollback';
  /** How many nodes each stage asks for, or which by their ids; the last is always all. */
  readonly stages: readonly (number | 'all' | readonly string[])[];
  readonly rollsBackAtTheEnd: boolean;
  /** When all nodes run the image, a canary and then the others are renewed by `force`. */
  readonly renews: boolean;
  /** Calls, counted over the whole story, at which the process that makes them is killed. */
  readonly deaths: readonly { readonly atCall: number; readonly applied: boolean; readonly restMs: number }[];
  readonly events: readonly WorldEvent[];
  /** A node whose drain failed is put back and tried again at the end, where sessions are not cut. */
  readonly skipsToEnd: boolean;
  /** Shares of nodes whose drain never ends well, and that ask to be left out. */
  readonly undrainable: number;
  readonly leftOut: number;
  /** Times in which Azure answers nothing, or takes no write. */
  readonly outages: readonly { readonly atMs: number; readonly lastsMs: number; readonly writesOnly: boolean }[];
  /** When somebody changes the model beside its image, if anybody does; and whether that may go to the nodes. */
  readonly driftAtMs: number | undefined;
  readonly allowModelDrift: boolean;
  readonly scaleOutImage: 'stable' | 'new';
  /** Who comes after a process that has ended: a later attempt of the same run, or another run, which asks about it. */
  readonly nextIs: 'attempt' | 'anotherRun';
  /** After a process that was killed comes the post-job step of its task, as when the agent lives on. */
  readonly hasPostJob: boolean;
  /** Do the stages heed an alert rule: a quiet one, or one that fires when a bad image is on a node? */
  readonly alert: 'none' | 'quiet' | 'fires';
  /** Who says how nodes are: the set, the agent that asks them, or a script on them. `none` keeps no floor of nodes that serve. */
  readonly health: 'azure' | 'http' | 'script';
  /** What runs beside a rollout and has to be paused for it. */
  readonly repairs: boolean;
  readonly autoscale: 'none' | 'keep' | 'pause';
  /** When the load asks autoscale for a node more or less. */
  readonly demands: readonly { readonly afterMs: number; readonly change: 1 | -1 }[];
  readonly upgradeMode: 'Manual' | 'Automatic' | 'Rolling';
  /** What becomes of a canary between two stages, and for how long it is sick when it falls sick. */
  readonly between: Loss | 'fallsSick' | undefined;
  readonly sickForMs: number;
}

export interface WorldEvent {
  readonly atMs: number;
  readonly what:
    | 'scaleOut'
    | 'scaleIn'
    | 'tagWriter'
    | 'throttledList'
    | 'lostUpgrade'
    | 'lostWrite'
    | 'lostDrain'
    | 'failingReads';
}

const kinds: readonly WorldEvent['what'][] = [
  'scaleOut',
  'scaleIn',
  'tagWriter',
  'throttledList',
  'lostUpgrade',
  'lostWrite',
  'lostDrain',
  'failingReads',
];

function someOf(nodes: number, draw: Draw): readonly string[] {
  const ids = Array.from({ length: nodes }, (_, index) => String(index));
  const some = ids.filter(() => draw.chance(0.4));
  return some.length > 0 ? some : ['0'];
}

type Protection = Pick<WorldPlan, 'protectedNodes' | 'protectedUntilMs' | 'replacesProtected'>;

/** In some worlds protected nodes are replaced; then there are some, and nobody else takes their protection away. */
function protection(share: number, untilMs: number | undefined, own: Draw): Protection {
  const replacesProtected = own.chance(0.25);
  return replacesProtected
    ? { protectedNodes: own.one([0.2, 0.5, 1]), protectedUntilMs: undefined, replacesProtected }
    : { protectedNodes: share, protectedUntilMs: untilMs, replacesProtected };
}

export function drawWorld(seed: number): WorldPlan {
  const draw = drawFrom(seed);
  const nodes = draw.chance(0.15) ? draw.whole(13, 60) : draw.whole(1, 12);
  const tagWriteMakesModel = draw.chance(0.2);
  const rare = (probability: number, share: number) => (draw.chance(probability) ? share : 0);
  // Drawn from seeds of their own: no other draw changes by them.
  const asked = drawFrom(seed + 5_000_011).one(['http', 'http', 'script'] as const);
  const own = drawFrom(seed + 4_000_037);
  const between = drawFrom(seed + 1_000_003).one([undefined, undefined, 'leaves', 'isReplaced', 'fallsSick'] as const);
  const renewal = drawFrom(seed + 2_000_003);
  const commands = drawFrom(seed + 6_000_011);
  return {
    seed,
    nodes,
    renews: renewal.chance(0.3),
    zones: draw.one([[], ['1'], ['1', '2', '3']]),
    settings: {
      manualUpgradeConcurrency: draw.one(['overlap', 'startConflict', 'exclusive']),
      writeDuringInstanceWork: draw.one(['conflict', 'accepted']),
      reimageRenamesDisk: renewal.chance(0.6),
      imageShown: draw.one(['atStart', 'atEnd']),
      runCommandShowsUpdating: draw.chance(0.3),
      runCommandsReplayOnReimage: draw.chance(0.7),
      runCommandSamePut: draw.one(['runs', 'ignored']),
      runCommandNameAgain: commands.one(['neverRuns', 'runs']),
      runCommandDelete: commands.one(['works', 'works', 'works', 'fails']),
      instanceWriteMs: commands.one([2_000, 2_000, 20_000]),
      etagFollowsState: draw.chance(0.7),
      tagWriteMakesModel,
      modelsCountedByContent: draw.chance(0.3),
      listPageSize: draw.one([7, 100]),
    },
    image: draw.one(['good', 'good', 'good', 'neverHealthy', 'someBreak', 'flapping']),
    breaking: 0.1 + 0.4 * draw.number(),
    ...protection(rare(0.2, 0.2), draw.chance(0.4) ? draw.whole(0, 600_000) : undefined, own),
    sickBefore: rare(0.2, 0.2),
    times: {
      diskMs: draw.whole(15_000, 60_000),
      spread: draw.number(),
      healthyMs: draw.whole(1_000, 15_000),
      drainMs: draw.whole(500, 20_000),
    },
    drains: draw.chance(0.8),
    cutSessions: draw.chance(0.3),
    maxUnavailable: draw.chance(0.5) ? 1 : draw.whole(1, Math.max(1, Math.ceil(nodes / 3))),
    maxFailedNodes: draw.chance(0.7) ? 0 : draw.whole(1, 3),
    minReadyMs: draw.one([0, 6_000, 15_000]),
    checkpoints: draw.chance(0.25) ? [draw.whole(1, nodes), draw.whole(1, nodes)] : [],
    // Runs without number would use up the ten models by the tags alone: then no end can be written.
    jobDeadlineMs: draw.chance(0.15) && !tagWriteMakesModel ? draw.whole(60_000, 600_000) : undefined,
    onFailure: draw.one(['stop', 'rollback']),
    stages: draw.one([['all'], [1, 'all'], [draw.whole(1, nodes), 'all'], [someOf(nodes, draw), 'all']]),
    rollsBackAtTheEnd: draw.chance(0.25),
    deaths: Array.from({ length: draw.one([0, 0, 1, 1, 2, 3]) }, () => ({
      atCall: draw.whole(1, 40 + 25 * nodes),
      applied: draw.chance(0.5),
      restMs: draw.one([1_000, 10_000, 60_000, 600_000]),
    })).sort((one, other) => one.atCall - other.atCall),
    events: Array.from({ length: draw.one([0, 0, 1, 2, 4]) }, () => ({
      atMs: draw.whole(0, 60_000 + 60_000 * nodes),
      what: draw.one(kinds),
    })),
    outages: Array.from({ length: draw.one([0, 0, 0, 1, 2]) }, () => ({
      atMs: draw.whole(0, 60_000 + 60_000 * nodes),
      lastsMs: draw.whole(10_000, 240_000),
      writesOnly: draw.chance(0.5),
    })),
    driftAtMs: draw.chance(0.1) ? draw.whole(0, 60_000 + 60_000 * nodes) : undefined,
    allowModelDrift: draw.chance(0.5),
    scaleOutImage: draw.chance(0.15) ? 'new' : 'stable',
    nextIs: draw.chance(0.25) ? 'anotherRun' : 'attempt',
    // Its writes would use up the ten models too.
    hasPostJob: draw.chance(0.5) && !tagWriteMakesModel,
    alert: draw.one(['none', 'none', 'none', 'quiet', 'fires']),
    health: draw.chance(0.2) ? asked : 'azure',
    skipsToEnd: draw.chance(0.5),
    undrainable: rare(0.2, 0.2),
    leftOut: rare(0.15, 0.2),
    repairs: draw.chance(0.4),
    autoscale: draw.one(['none', 'keep', 'pause']),
    demands: Array.from({ length: draw.whole(0, 3) }, () => ({
      afterMs: draw.whole(0, 60_000 + 60_000 * nodes),
      change: draw.one([1, -1]),
    })),
    upgradeMode: draw.one(['Manual', 'Manual', 'Automatic', 'Rolling']),
    between,
    sickForMs: draw.whole(10_000, 150_000),
  };
}
