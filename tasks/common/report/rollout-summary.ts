import type { Limits } from '../rollout/limits.ts';
import type { Node } from '../rollout/node.ts';
import { type Situation, stateOf, whyBroken } from '../rollout/state.ts';
import { fenced, table } from './markdown.ts';
import type { Event } from './rollout-story.ts';
import { counted, elapsed, imageName } from './words.ts';

export interface RolloutReport {
  readonly set: string;
  /** `Upgrade` or `Rollback`. */
  readonly kind: string;
  /** One sentence: how it ended and why. */
  readonly ending: string;
  readonly goal: string;
  readonly wayBack: string;
  readonly before: readonly Node[];
  readonly after: Situation;
  readonly events: readonly Event[];
  readonly startedAt: number;
  /** How it was judged, where a reader could take something else for granted. */
  readonly notes?: readonly string[];
  /** What the reader does next; empty when nothing is to be done. */
  readonly next: string;
}

/** The summary page of a rollout: what was observed, not what was planned. */
export function rolloutSummary(report: RolloutReport): string {
  return [
    `**${report.kind} of ${report.set} to ${imageName(report.goal)}**: ${report.ending}`,
    nodeTable(report),
    `Limits: ${limitsText(report.after.limits)}. Way back: ${imageName(report.wayBack)}.`,
    ...(report.notes ?? []).map((note) => `${note.charAt(0).toUpperCase()}${note.slice(1)}.`),
    ...(report.next === '' ? [] : [`**Next:** ${report.next}`]),
    '**What happened**',
    fenced(report.events.map((event) => eventLine(event, report.startedAt)).join('\n')),
  ].join('\n\n');
}

export const eventLine = (event: Event, startedAt: number) =>
  `${elapsed(event.at - startedAt)}  ${event.what.padEnd(8)} ${event.text}`;

function nodeTable({ before, after }: RolloutReport): string {
  const earlier = new Map(before.map((node) => [node.id, node]));
  const rows = after.nodes.map((node) => nodeRow(earlier.get(node.id), node, after));
  const gone = before.filter(({ id }) => !after.nodes.some((node) => node.id === id));
  const goneRows = gone.map((node) => [
    node.name,
    node.zone || '-',
    imageName(node.image),
    'gone',
    '-',
    'left the set',
  ]);
  return table(['Node', 'Zone', 'Before', 'After', 'Health', 'State'], [...rows, ...goneRows]);
}

function nodeRow(before: Node | undefined, node: Node, situation: Situation): readonly string[] {
  const state = stateOf(node, situation);
  const text = state === 'broken' ? whyBroken(node, situation) : stateWords[state];
  return [
    node.name,
    node.zone || '-',
    before ? imageName(before.image) : 'new',
    imageName(node.image),
    node.health,
    text,
  ];
}

const stateWords = {
  old: 'not touched',
  draining: 'was being drained',
  drained: 'drained',
  stuck: 'could not be drained',
  replacing: 'being replaced',
  settling: 'not ready yet',
  relapsed: 'was healthy, and is not any more',
  ready: 'ready',
  broken: 'failed',
  leaving: 'being deleted',
  busy: 'Azure is at work with it',
  spared: 'protected, left alone',
  unchosen: 'not chosen',
} as const;

export function limitsText(limits: Limits): string {
  if (limits.chosen) return limitsOn(counted(limits.chosen.size, 'chosen node'), limits);
  return limitsOn(limits.wanted === 'all' ? 'all nodes' : counted(limits.wanted, 'node'), limits);
}

const limitsOn = (wanted: string, limits: Limits) =>
  `${wanted} on the image, at most ${limits.maxUnavailable} unavailable, at most ${limits.maxFailedNodes} failed${stops(limits)}`;

const stops = ({ checkpoints }: Limits) =>
  checkpoints ? `, a checkpoint at ${checkpoints.map(String).join(' and ')}` : '';
