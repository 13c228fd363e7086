import { nextCheckpoint } from './checkpoints.ts';
import { inTurn } from './choose.ts';
import { type Groups, movingNodes, takenNodes } from './groups.ts';
import { entryOf } from './logbook.ts';
import { lookBack } from './look-back.ts';
import type { Choices } from './next-steps.ts';
import { looksHealthy, type Node } from './node.ts';
import { isOver, stillToTake } from './remaining.ts';
import type { Situation } from './state.ts';

/**
 * Which old nodes are taken now. With 10 nodes, maxUnavailable 3, one node settling and one that fell sick since we
 * came: 3 - 1 - 1 = 1 slot is free. The sick one goes first, since taking it costs nobody a server.
 */
export function beginnings(groups: Groups, situation: Situation, choices: Choices): readonly Node[] {
  const back = lookBack(groups, situation);
  if (isOver(situation) || groups.relapsed.length > 0 || (back && back.doubtful.length > 0)) return [];
  const slots = Math.max(0, situation.limits.maxUnavailable - movingNodes(groups).length - groups.broken.length);
  if (slots === 0) return []; // so it is at most looks: a large set need not be put in order for nothing
  const candidates = back?.candidates ?? groups.old;
  const resting = { healthy: candidates.filter(looksHealthy), sick: candidates.filter((node) => !looksHealthy(node)) };
  const lost = candidates.filter((node) => isLost(node, choices));
  const lostElsewhere = lostNodes(groups, choices).length - lost.length;
  const sickBefore = resting.sick.filter((node) => choices.sickBefore.has(node.id));
  const ordered = (nodes: readonly Node[]) => lastWhenUndrained(inTurn(nodes, situation.nodes), situation);
  const others = [...ordered(sickBefore), ...ordered(resting.healthy)].slice(
    0,
    Math.max(0, slots - lost.length - lostElsewhere),
  );
  return [...ordered(lost).slice(0, slots), ...others].slice(0, stillToStart(groups, situation));
}

/** Out of service since we came: it uses up the limit, whether this stage may take it or not. */
const isLost = (node: Node, { sickBefore }: Pick<Choices, 'sickBefore'>) =>
  !looksHealthy(node) && !sickBefore.has(node.id);

/** Nodes on their old image that fell sick, or that were added and do not serve yet. */
export const lostNodes = (groups: Groups, choices: Pick<Choices, 'sickBefore'>): readonly Node[] =>
  [...groups.old, ...groups.unchosen, ...groups.spared].filter((node) => isLost(node, choices));

/** A node whose drain has failed goes after all others: perhaps its requests have come to their end by then. */
function lastWhenUndrained(nodes: readonly Node[], { logbook }: Situation): readonly Node[] {
  const hasFailed = ({ id }: Node) => entryOf(logbook, id).undrained !== undefined;
  return [...nodes.filter((node) => !hasFailed(node)), ...nodes.filter(hasFailed)];
}

/**
 * How many more old nodes this stage has to take, of those that can be taken now: up to the next checkpoint. First those
 * that the stages before had brought.
 */
export function stillToStart(groups: Groups, situation: Situation): number {
  const back = lookBack(groups, situation);
  if (back) return back.many;
  const many = stillToTake(groups.old.length, groups, situation);
  const mark = nextCheckpoint(situation);
  return mark === undefined ? many : Math.min(many, Math.max(0, mark - takenNodes(groups)));
}
