import { groupNodes } from '../rollout/groups.ts';
import { entryOf } from '../rollout/logbook.ts';
import type { Step } from '../rollout/next-steps.ts';
import { isOn, type Node, sameImage } from '../rollout/node.ts';
import { type Situation, stateOf, whyBroken, whySpared } from '../rollout/state.ts';
import { imageName } from './words.ts';

/** One thing that happened, as a line of the log and of the summary. */
export interface Event {
  readonly at: number;
  readonly what: string;
  readonly text: string;
}

/**
 * What a sentence of the use case is about: `paused` and `restored` make a list of their own in the summary, `back` is
 * where a rollout begins to be taken back.
 */
export type Remark = 'note' | 'paused' | 'restored' | 'back';

/** What is worth telling about a step; `wait` is told apart, since it repeats. */
export function eventOf(step: Step, situation: Situation): Event {
  const at = situation.now;
  if (!('nodeIds' in step)) return { at, what: step.kind, text: step.reason };
  if (step.kind === 'putBack')
    return { at, what: step.kind, text: `${namesOf(step.nodeIds, situation)} ${step.reason}` };
  const what = step.kind === 'replace' && step.renews ? 'renew' : step.kind;
  return { at, what, text: `${namesOf(step.nodeIds, situation)} (${step.reason})` };
}

function namesOf(nodeIds: readonly string[], { nodes }: Situation): string {
  const byId = nodesById(nodes);
  return nodeIds.map((id) => byId.get(id)?.name ?? id).join(', ');
}

const nodesById = (nodes: readonly Node[]): ReadonlyMap<string, Node> => new Map(nodes.map((node) => [node.id, node]));

/** What became of nodes between two looks: ready, broken, gone, or new in the set; the same of several is one line. */
export function changesBetween(before: Situation, after: Situation): readonly Event[] {
  const earlier = nodesById(before.nodes);
  const later = nodesById(after.nodes);
  const seen = after.nodes.flatMap((node) => changeOf(node, earlier.get(node.id), before, after) ?? []);
  const gone = before.nodes
    .filter(({ id }) => !later.has(id))
    .map(({ name }) => ({ name, what: 'gone', one: 'has left the set', many: 'have left the set' }));
  return told([...seen, ...gone], after.now);
}

/** A change as it is said of one node, and of several. */
interface Change {
  readonly name: string;
  readonly what: string;
  readonly one: string;
  readonly many: string;
}

function told(changes: readonly Change[], at: number): readonly Event[] {
  const alike = new Map<string, Change[]>();
  for (const change of changes) {
    const key = `${change.what} ${change.one}`;
    alike.set(key, [...(alike.get(key) ?? []), change]);
  }
  return [...alike.values()].map((same) => {
    const [{ what, one, many } = { what: '', one: '', many: '' }] = same;
    return { at, what, text: `${same.map(({ name }) => name).join(', ')} ${same.length === 1 ? one : many}`.trim() };
  });
}

function changeOf(node: Node, earlier: Node | undefined, before: Situation, situation: Situation): Change | undefined {
  const { name } = node;
  if (!earlier) return { name, what: 'joined', one: 'has joined the set', many: 'have joined the set' };
  // What was begun after the look before stands in the logbook of this one.
  const replaced = [before, situation].some(({ logbook }) => entryOf(logbook, node.id).errand !== undefined);
  const foreign = replaced ? undefined : doneByOthers(node, earlier);
  if (foreign !== undefined) return { name, what: 'others', one: foreign, many: foreign };
  const state = stateOf(node, situation);
  if (state === stateOf(earlier, before)) return undefined;
  // A node that nobody replaced only had its health looked at again: nothing happened to it.
  const healthy = `healthy on ${imageName(node.image)}`;
  if (state === 'ready' && replaced) return { name, what: 'ready', one: `is ${healthy}`, many: `are ${healthy}` };
  if (state === 'broken') return { name: whyBroken(node, situation), what: 'broken', one: '', many: '' };
  const note = drainNote(node, situation);
  if (state === 'drained' && entryOf(situation.logbook, node.id).errand?.kind !== 'lifting')
    return { name, what: 'drained', one: `serves nobody any more${note}`, many: `serve nobody any more${note}` };
  return undefined;
}

function doneByOthers(node: Node, earlier: Node): string | undefined {
  if (!sameImage(earlier.image, node.image))
    return `got ${imageName(node.image)} by an upgrade that this run did not start`;
  return earlier.stale && !node.stale ? 'got a fresh disk by a reimage that this run did not start' : undefined;
}

/** The last words of the drain script. */
function drainNote({ id }: Node, { logbook }: Situation): string {
  const errand = entryOf(logbook, id).errand;
  return errand?.kind === 'drained' && errand.note !== '' ? ` (${errand.note})` : '';
}

/** How far the stage is: nodes that are ready, of those that it has to bring there. */
export function progressOf(situation: Situation): { readonly ready: number; readonly wanted: number } {
  const { nodes, limits, target, logbook } = situation;
  const { ready: there } = groupNodes(situation);
  const { chosen } = limits;
  if (chosen) {
    const isChosen = ({ id }: Node) => chosen.has(id);
    return { ready: there.filter(isChosen).length, wanted: nodes.filter(isChosen).length };
  }
  const ready = there.length;
  if (limits.wanted !== 'all') return { ready: Math.min(ready, limits.wanted), wanted: limits.wanted };
  return {
    ready,
    wanted: nodes.filter((node) => whySpared(node, logbook) === undefined || isOn(node, target)).length,
  };
}
