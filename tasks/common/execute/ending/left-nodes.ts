import { seeNodes } from '../../azure/uniform-fleet.ts';
import { goalOf, isHeld, type RolloutRecord } from '../../record/record.ts';
import { seenBy } from '../../record/renewal.ts';
import { isOn, type Node } from '../../rollout/node.ts';
import { lookupMs } from '../../rollout/state.ts';
import { tickMs } from '../pace.ts';
import { patiently } from '../patience.ts';
import type { Desk } from './put-back-desk.ts';

/** Looks until Azure is at work with no node, as long as we may wait: what it is at work with then is the next run's to see. */
export async function settled(first: readonly Node[], desk: Desk): Promise<readonly Node[]> {
  const { clock, cancelled, observer } = desk.tools;
  let nodes = first;
  for (let told = false; clock.now() < desk.deadline && !cancelled.aborted; told = true) {
    const names = busyIn(nodes, desk).map(({ name }) => name);
    if (names.length === 0) return nodes;
    if (!told) observer.remarked(`Azure is at work with ${names.join(', ')}: waiting until that has ended`);
    await clock.sleep(tickMs(1), cancelled);
    nodes = await look(desk);
  }
  return nodes;
}

export async function look({ tools, left, record, deadline }: Desk): Promise<readonly Node[]> {
  const forMs = Math.max(0, deadline - tools.clock.now());
  const patience = { ...tools, forMs, what: 'the fleet could not be seen' };
  return (await patiently(() => seeNodes(tools.azure, left.set, anyHealth, (nodes) => seenBy(record, nodes)), patience))
    .nodes;
}

/** How healthy a node is does not count here. */
const anyHealth = { judge: async (nodes: readonly Node[]) => nodes, close: async () => {} };

/** Nodes that Azure is at work with, or may be about to begin with; once the record is ended, of ours alone. */
export function busyIn(nodes: readonly Node[], { left, record, tools }: Desk): readonly Node[] {
  const recent = tools.clock.now() - left.askedAt < lookupMs;
  const mayBegin = (node: Node) => recent && left.asked.includes(node.id) && isOld(node, record);
  const isOurs = ({ id }: Node) => isHeld(record) || left.drained.includes(id);
  return nodes.filter((node) => isOurs(node) && (node.provisioning === 'working' || mayBegin(node)));
}

/** Nodes that were taken out of service, stay on their old image and wait for nothing. */
export function outIn(nodes: readonly Node[], desk: Desk): readonly string[] {
  const busy = new Set(busyIn(nodes, desk));
  return stillOut(nodes, desk)
    .filter((node) => !busy.has(node))
    .map(({ id }) => id);
}

/** The same, whether Azure is at work with them or not. */
export function stillOut(nodes: readonly Node[], { word, record }: Desk): readonly Node[] {
  const drained = new Set(word.drained());
  return nodes.filter((node) => drained.has(node.id) && isOld(node, record));
}

const isOld = (node: Node, record: RolloutRecord) => !isOn(node, goalOf(record));
