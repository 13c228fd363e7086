import { isOn, type Node } from '../rollout/node.ts';
import { isFinished, type RolloutRecord } from './record.ts';

type Promise = Pick<RolloutRecord, 'promised' | 'promisedNodes'>;

/**
 * What a stage finds promised when it begins: the most nodes that a stage before it asked for, and the ids of all that were
 * named. A stage that died, stopped or halted keeps what it found. Where no record of this rollout tells, every node that runs
 * the target already was brought by somebody, and counts as promised. Never more than this stage itself asks for.
 */
export function promisedTo(
  { wanted, chosen }: Pick<RolloutRecord, 'wanted' | 'chosen'>,
  basis: RolloutRecord | undefined,
  nodes: readonly Node[],
  target: string,
): Promise {
  const there = nodes.filter((node) => isOn(node, target) && node.provisioning !== 'deleting');
  const { promised = 0, promisedNodes = [] } = promiseIn(basis, there.length);
  const most = wanted === 'all' || chosen ? nodes.length : wanted;
  const many = Math.min(promised, most);
  if (many === 0) return {};
  const named = promisedNodes.filter((id) => nodes.some((node) => node.id === id));
  return { promised: many, ...(named.length > 0 && { promisedNodes: named }) };
}

function promiseIn(basis: RolloutRecord | undefined, there: number): Promise {
  if (!basis || isFinished(basis)) return { promised: there };
  const { promised = 0, promisedNodes = [], wanted, chosen = [], state } = basis;
  if (state !== 'waiting') return { promised, promisedNodes };
  const named = [...new Set([...promisedNodes, ...chosen])];
  return { promised: Math.max(promised, wanted === 'all' ? there : wanted, named.length), promisedNodes: named };
}
