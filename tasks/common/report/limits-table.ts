import { groupNodes } from '../rollout/groups.ts';
import type { Amount, Limits } from '../rollout/limits.ts';
import type { Situation } from '../rollout/state.ts';
import { table } from './markdown.ts';
import { cutOff, longestIn, longestReplacement, type Observed } from './observed.ts';
import type { Event } from './rollout-story.ts';
import { counted, lasting } from './words.ts';

/** The limits as typed that `Limits` has only worked out. */
export interface TypedLimits {
  readonly maxUnavailable: Amount;
  readonly drainTimeoutMs?: number;
  readonly jobDeadlineMs?: number;
}

export interface LimitsReport {
  readonly typed: TypedLimits;
  readonly after: Situation;
  /** How the rollout itself had ended, when it was taken back: what failed is seen there. */
  readonly failed?: Situation;
  readonly observed: Observed;
  readonly events: readonly Event[];
  readonly until: number;
}

/** Each limit beside what was seen of it. */
export function limitsTable(report: LimitsReport): string {
  const { typed, after, failed = after, observed, until } = report;
  const { limits } = failed;
  const tracks = [...observed.tracks.values()];
  const { ready, broken } = groupNodes(failed);
  const longest = (ms: number | undefined) => (ms === undefined ? '-' : `longest ${lasting(ms)}`);
  return table(
    ['Limit', 'Set to', 'Seen'],
    [
      ['nodes', wantedText(limits), readyText(ready.length, report)],
      ['maxUnavailable', unavailableText(typed.maxUnavailable, report), `at most ${observed.mostUnavailable} at once`],
      ['maxFailedNodes', String(limits.maxFailedNodes), `${counted(broken.length, 'node')} failed`],
      ['minReadySeconds', `${limits.minReadyMs / 1000} s`, '-'],
      ...(typed.drainTimeoutMs === undefined
        ? []
        : [['drainTimeout', lasting(typed.drainTimeoutMs), drainText(report)]]),
      ['nodeHealthTimeout', lasting(limits.nodeHealthTimeoutMs), longest(longestReplacement(tracks, until))],
      ['progressDeadline', lasting(limits.progressDeadlineMs), `longest wait ${lasting(longestStandstill(report))}`],
      ...checkpointRows(report),
      ...(typed.jobDeadlineMs === undefined
        ? []
        : [['jobDeadline', lasting(typed.jobDeadlineMs), `ended after ${lasting(until - observed.since)}`]]),
    ],
  );
}

function drainText({ observed, until }: LimitsReport): string {
  const tracks = [...observed.tracks.values()];
  const longest = longestIn(tracks, 'drain', until);
  const cut = cutOff(tracks);
  const sessions = cut === 0 ? '' : `; sessions of ${counted(cut, 'node')} were cut`;
  return `${longest === undefined ? '-' : `longest ${lasting(longest)}`}${sessions}`;
}

const readyText = (ready: number, { failed }: LimitsReport) =>
  `${ready} ready on the image${failed ? ' before it was taken back' : ''}`;

/** `20% of 6 = 1 node`: what was typed, and what it came to. */
function unavailableText(typed: Amount, { after: { limits, nodes } }: LimitsReport): string {
  const came = counted(limits.maxUnavailable, 'node');
  return typed.kind === 'percent' ? `${typed.percent}% of ${nodes.length} = ${came}` : came;
}

function wantedText({ chosen, wanted }: Limits): string {
  if (chosen) return counted(chosen.size, 'chosen node');
  return wanted === 'all' ? 'all' : String(wanted);
}

function checkpointRows({ after, failed = after, events }: LimitsReport): readonly (readonly string[])[] {
  const { checkpoints = [], bakeMs = 0 } = failed.limits;
  if (checkpoints.length === 0) return [];
  const passed = events.filter(({ what }) => what === 'pass').length;
  const here = passed > 0 ? `${passed} passed in this run` : 'none passed in this run';
  return [['checkpoints', `${checkpoints.join(', ')} nodes, bakeTime ${lasting(bakeMs)}`, here]];
}

/** The longest time in which no node became ready; a checkpoint is no standstill. */
function longestStandstill({ events, observed: { since }, until }: LimitsReport): number {
  const steps = events.filter(({ what }) => what === 'ready' || what === 'pass' || what === 'back');
  const times = [since, ...steps.map(({ at }) => at), until];
  return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at)));
}

/** One line of the same, for a plan. */
export function limitsText(limits: Limits): string {
  if (limits.chosen) return limitsOn(counted(limits.chosen.size, 'chosen node'), limits);
  return limitsOn(limits.wanted === 'all' ? 'all nodes' : counted(limits.wanted, 'node'), limits);
}

const limitsOn = (wanted: string, limits: Limits) =>
  `${wanted} on the image, at most ${limits.maxUnavailable} unavailable, at most ${limits.maxFailedNodes} failed, ready after ${limits.minReadyMs / 1000} s, nodeHealthTimeout ${lasting(limits.nodeHealthTimeoutMs)}${stops(limits)}`;

const stops = ({ checkpoints }: Limits) =>
  checkpoints ? `, a checkpoint at ${checkpoints.map(String).join(' and ')}` : '';
