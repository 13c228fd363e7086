import { entryOf } from '../rollout/logbook.ts';
import { looksHealthy, type Node } from '../rollout/node.ts';
import { type NodeState, type Situation, stateOf } from '../rollout/state.ts';

/**
 * What a node is seen doing, as people would say it:
 *
 *   serving ──► drain ──► idle ──► disk ──► health ──► proof ──► serving
 *
 * `idle` is drained, and waits for its upgrade to be accepted. `proof` is healthy, but not yet for minReadySeconds; `out` is out of service and at rest: failed, or sick before.
 */
export type Phase = 'serving' | 'drain' | 'idle' | 'disk' | 'health' | 'proof' | 'out' | 'gone';

/** A node's time in one phase, up to the next stretch. */
export interface Stretch {
  readonly phase: Phase;
  readonly image: string;
  readonly from: number;
}

export interface Track {
  readonly node: Node;
  readonly stretches: readonly Stretch[];
  /** Its drain failed: if it was replaced all the same, its sessions were cut. */
  readonly stuck?: true;
}

/** All that the looks of one task have shown, way back included. */
export interface Observed {
  readonly since: number;
  readonly tracks: ReadonlyMap<string, Track>;
  /** The most nodes that were out of service because of us at one look. */
  readonly mostUnavailable: number;
}

export const nothingSeen = (since: number): Observed => ({ since, tracks: new Map(), mostUnavailable: 0 });

/** What is known after one more look. */
export function seenAt(before: Observed, situation: Situation): Observed {
  const { nodes, now } = situation;
  // What the first look shows was so when the task began: it has changed nothing before.
  const firstFrom = before.tracks.size === 0 ? before.since : now;
  const tracks = new Map<string, Track>();
  for (const node of nodes) tracks.set(node.id, wentOn(before.tracks.get(node.id), node, situation, firstFrom));
  for (const [id, track] of before.tracks) if (!tracks.has(id)) tracks.set(id, left(track, now));
  const mostUnavailable = Math.max(before.mostUnavailable, unavailableIn(situation));
  return { ...before, tracks, mostUnavailable };
}

function wentOn(track: Track | undefined, node: Node, situation: Situation, firstFrom: number): Track {
  const phase = phaseOf(node, situation);
  const stretches = track?.stretches ?? [];
  const stuck = track?.stuck ?? stateOf(node, situation) === 'stuck';
  const kept = { node, ...(stuck && { stuck: true as const }) };
  const last = stretches.at(-1);
  if (last && last.phase === phase && last.image === node.image) return { ...kept, stretches };
  const from = last ? Math.max(last.from, beginOf(phase, node, situation)) : firstFrom;
  return { ...kept, stretches: [...stretches, { phase, image: node.image, from }] };
}

const left = (track: Track, now: number): Track =>
  track.stretches.at(-1)?.phase === 'gone'
    ? track
    : { ...track, stretches: [...track.stretches, { phase: 'gone', image: track.node.image, from: now }] };

/** What we began, we know to the second, and Azure may say since when a node is healthy; the rest is as old as its look. */
function beginOf(phase: Phase, { id }: Node, { logbook, now }: Situation): number {
  const { errand, healthySince } = entryOf(logbook, id);
  if (phase === 'proof') return healthySince ?? now;
  const ours = { drain: 'draining', disk: 'replacing' } as const;
  return (phase === 'drain' || phase === 'disk') && errand?.kind === ours[phase] ? errand.since : now;
}

const phases: Readonly<Record<Exclude<NodeState, 'settling' | 'relapsed' | 'old' | 'spared' | 'unchosen'>, Phase>> = {
  draining: 'drain',
  drained: 'idle',
  stuck: 'drain',
  returning: 'drain',
  replacing: 'disk',
  busy: 'disk',
  ready: 'serving',
  broken: 'out',
  leaving: 'out',
};

export function phaseOf(node: Node, situation: Situation): Phase {
  const state = stateOf(node, situation);
  if (state === 'old' || state === 'spared' || state === 'unchosen') return looksHealthy(node) ? 'serving' : 'out';
  if (state !== 'settling' && state !== 'relapsed') return phases[state];
  if (!looksHealthy(node)) return node.provisioning === 'succeeded' && node.running ? 'health' : 'disk';
  // A node that this run did not replace serves as it did: it is only watched anew.
  return entryOf(situation.logbook, node.id).errand?.kind === 'replacing' ? 'proof' : 'serving';
}

function unavailableIn(situation: Situation): number {
  const isAway = (node: Node) => {
    const phase = phaseOf(node, situation);
    return phase === 'out' ? ['broken', 'leaving'].includes(stateOf(node, situation)) : phase !== 'serving';
  };
  return situation.nodes.filter(isAway).length;
}

/** How long a node was in a phase, all its ways together; undefined when it never was. */
export function timeIn(track: Track, phase: Phase, until: number): number | undefined {
  const times = timesIn(track, phase, until);
  return times.length === 0 ? undefined : times.reduce((sum, ms) => sum + ms, 0);
}

const timesIn = ({ stretches }: Track, phase: Phase, until: number): readonly number[] =>
  stretches.flatMap((stretch, index) =>
    stretch.phase === phase ? [(stretches[index + 1]?.from ?? until) - stretch.from] : [],
  );

/** Nodes that were replaced although their drain had failed. */
export const cutOff = (tracks: Iterable<Track>): number =>
  [...tracks].filter(({ stuck, stretches }) => stuck && stretches.some(({ phase }) => phase === 'disk')).length;

/** From the first step until it served again, or until now. */
export const timeAway = (track: Track, until: number): number =>
  (['drain', 'idle', 'disk', 'health', 'proof'] as const).reduce(
    (sum, phase) => sum + (timeIn(track, phase, until) ?? 0),
    0,
  );

/** How long nodes took here on average, of those that came through; what nobody came through is not known. */
export interface UsualTimes {
  readonly drainMs?: number;
  readonly diskMs?: number;
  readonly healthyMs?: number;
}

export function usualTimes(tracks: Iterable<Track>): UsualTimes {
  const drains: number[] = [];
  const disks: number[] = [];
  const healths: number[] = [];
  let well = 0;
  for (const { stretches } of tracks)
    for (const [index, { phase, from }] of stretches.entries()) {
      const next = stretches[index + 1];
      if (!next) continue;
      const ms = next.from - from;
      const up = next.phase === 'proof' || next.phase === 'serving';
      if (phase === 'drain' && (next.phase === 'idle' || next.phase === 'disk')) drains.push(ms);
      if (phase === 'disk' && (up || next.phase === 'health')) disks.push(ms);
      if (phase === 'health' && up) healths.push(ms);
      if ((phase === 'disk' || phase === 'health') && up) well += 1;
    }
  const sum = (times: readonly number[]) => times.reduce((total, ms) => total + ms, 0);
  return {
    ...(drains.length > 0 && { drainMs: sum(drains) / drains.length }),
    ...(disks.length > 0 && { diskMs: sum(disks) / disks.length }),
    // One that is healthy at the first look at its new disk took no time for it.
    ...(well > 0 && { healthyMs: sum(healths) / well }),
  };
}

/** From the accepted upgrade until it was ready: what nodeHealthTimeout bounds. The longest of all nodes. */
export function longestReplacement(tracks: Iterable<Track>, until: number): number | undefined {
  const replacing: readonly Phase[] = ['disk', 'health', 'proof'];
  let longest: number | undefined;
  for (const { stretches } of tracks) {
    let begun: number | undefined;
    for (const [index, { phase, from }] of stretches.entries()) {
      if (!replacing.includes(phase)) continue;
      if (phase === 'disk') begun = from;
      const ms = (stretches[index + 1]?.from ?? until) - (begun ?? from);
      longest = Math.max(longest ?? 0, ms);
    }
  }
  return longest;
}

/** The longest that any node was in a phase at one time. */
export function longestIn(tracks: Iterable<Track>, phase: Phase, until: number): number | undefined {
  const times = [...tracks].flatMap((track) => timesIn(track, phase, until));
  return times.length === 0 ? undefined : Math.max(...times);
}
