import { type Node, sameImage } from '../rollout/node.ts';
import { sparedWords } from '../rollout/sentences.ts';
import { type NodeState, type Situation, stateOf, whyBroken, whySpared } from '../rollout/state.ts';
import { table } from './markdown.ts';
import { type Observed, type Phase, timeAway, timeIn } from './observed.ts';
import { counted, elapsed, imageName } from './words.ts';

export interface NodeReport {
  readonly before: readonly Node[];
  readonly after: Situation;
  readonly observed: Observed;
  readonly until: number;
}

const mostRows = 40;

const head = ['Node', 'Zone', 'Before', 'After', 'Health', 'Drain', 'New disk', 'To healthy', 'To ready', 'State'];

/** What became of each node, and how long it was in each phase; of many those that a reader looks for first. */
export function nodeTable(report: NodeReport): string {
  const earlier = new Map(report.before.map((node) => [node.id, node]));
  const lines = [...report.after.nodes.map((node) => standing(node, report)), ...gone(report)];
  const many = lines.length > mostRows;
  const shown = many ? [...lines].sort(worstFirst).slice(0, mostRows) : lines;
  const rows = shown.map((line) => rowOf(line, earlier.get(line.node.id), report));
  return [table(head, rows), ...(many ? [leftOut(lines, shown)] : [])].join('\n\n');
}

interface Line {
  readonly node: Node;
  readonly state: NodeState | 'gone';
  readonly awayMs: number;
}

function standing(node: Node, { after, observed, until }: NodeReport): Line {
  const track = observed.tracks.get(node.id);
  return { node, state: stateOf(node, after), awayMs: track ? timeAway(track, until) : 0 };
}

const gone = ({ before, after }: NodeReport): readonly Line[] => {
  const there = new Set(after.nodes.map(({ id }) => id));
  return before.filter(({ id }) => !there.has(id)).map((node) => ({ node, state: 'gone', awayMs: 0 }));
};

/** Failed ones, those that are not done, then by how long they were away. */
const worstFirst = (one: Line, other: Line) => rank(one) - rank(other) || other.awayMs - one.awayMs;

const untroubled: readonly Line['state'][] = ['ready', 'old', 'unchosen', 'spared'];

const rank = ({ state }: Line) => (state === 'broken' ? 0 : state === 'stuck' ? 1 : untroubled.includes(state) ? 3 : 2);

function leftOut(lines: readonly Line[], shown: readonly Line[]): string {
  const chosen = new Set(shown);
  const rest = lines.filter((line) => !chosen.has(line));
  const states = [...new Set(rest.map(({ state }) => state))];
  const counts = states.map((state) => `${rest.filter((line) => line.state === state).length} ${stateWords[state]}`);
  return `The table has the nodes that failed, are not done or took longest; ${counted(rest.length, 'node')} are left out: ${counts.join(', ')}.`;
}

function rowOf({ node, state }: Line, before: Node | undefined, report: NodeReport): readonly string[] {
  const track = report.observed.tracks.get(node.id);
  const time = (phase: Phase) => {
    const ms = track && timeIn(track, phase, report.until);
    return ms === undefined ? '-' : elapsed(ms);
  };
  const isGone = state === 'gone';
  return [
    node.name,
    node.zone || '-',
    before ? imageName(before.image) : 'new',
    isGone ? 'gone' : imageName(node.image),
    isGone ? '-' : node.health,
    time('drain'),
    time('disk'),
    time('health'),
    time('proof'),
    `${stateText(node, state, report.after)}${isRenewed(before, node, state) ? ', renewed' : ''}`,
  ];
}

/** It ran the image before, and has a fresh disk of it now. */
const isRenewed = (before: Node | undefined, node: Node, state: Line['state']) =>
  state === 'ready' && before?.stale === true && !node.stale && sameImage(before.image, node.image);

function stateText(node: Node, state: Line['state'], situation: Situation): string {
  if (state === 'broken') return shortened(whyBroken(node, situation));
  return state === 'spared' ? sparedWords[whySpared(node, situation.logbook) ?? 'protected'] : stateWords[state];
}

/** What Azure answers can be long; the log has all of it. */
const shortened = (text: string) => (text.length > 300 ? `${text.slice(0, 299)}…` : text);

const stateWords: Readonly<Record<Line['state'], string>> = {
  old: 'not touched',
  draining: 'was being drained',
  drained: 'drained',
  stuck: 'could not be drained',
  returning: 'put back into service',
  replacing: 'being replaced',
  settling: 'not ready yet',
  relapsed: 'was healthy, and is not any more',
  ready: 'ready',
  broken: 'failed',
  leaving: 'being deleted',
  busy: 'Azure is at work with it',
  spared: 'left alone',
  unchosen: 'not chosen',
  gone: 'left the set',
};
